import { type ArgumentMetadata, Injectable, type ValidationError, ValidationPipe } from '@nestjs/common';
import { BadRequest, type FieldError, ValidationFailed } from '@platform/kernel';

const MAX_ERRORS = 50;

/** Rules about the type, widest first: where one of them fails, the bounds beside it say nothing more. */
const TYPE_RULES = ['isArray', 'isObject', 'isString', 'isBoolean', 'isInt', 'isNumber'];

/**
 * Validates bodies, queries and parameters against their DTO (reliability §4.2, D8). Queries come from the
 * QueryParser, which gives one frozen object per query string: what was validated once is remembered by that object.
 */
@Injectable()
export class InputPipe extends ValidationPipe {
  private readonly remembered = new WeakMap<object, Map<unknown, unknown>>();

  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      transformOptions: { enableImplicitConversion: false, exposeUnsetFields: false },
      stopAtFirstError: false,
      // The value tells what is missing from what is wrong; it goes no further.
      validationError: { target: false, value: true },
      exceptionFactory: (errors) => new ValidationFailed(fieldErrors(errors)),
    });
  }

  /** @throws ValidationFailed naming each field by its path, such as `items.0.name`; BadRequest for a list. */
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && Array.isArray(value) && this.toValidate(metadata)) {
      throw new BadRequest('The request body must be one JSON object, not a list');
    }
    if (metadata.type !== 'query' || typeof value !== 'object' || value === null || !Object.isFrozen(value)) {
      return super.transform(value, metadata);
    }
    let byType = this.remembered.get(value);
    if (!byType) this.remembered.set(value, (byType = new Map()));
    const known = byType.get(metadata.metatype);
    if (known !== undefined) return known;
    // class-transformer asks for a prototype's methods, which the parsed query has not.
    const valid: unknown = Object.freeze(await super.transform({ ...value }, metadata));
    byType.set(metadata.metatype, valid);
    return valid;
  }
}

/** class-validator's tree as a flat list: for each field what is missing, else its wrong type, else all that fails. */
export function fieldErrors(errors: readonly ValidationError[], path = ''): FieldError[] {
  const found: FieldError[] = [];
  for (const error of errors) {
    if (found.length >= MAX_ERRORS) break;
    const field = path ? `${path}.${error.property}` : error.property;
    found.push(...ownErrors(error, field));
    if (error.children) found.push(...fieldErrors(error.children, field));
  }
  return found.slice(0, MAX_ERRORS);
}

function ownErrors({ constraints = {}, property, value }: ValidationError, field: string): FieldError[] {
  const rules = Object.keys(constraints);
  if (rules.includes('whitelistValidation'))
    return [{ field, message: `${field} is not a known field`, type: 'whitelist_validation' }];
  if (rules.length > 0 && value === undefined) return [{ field, message: `${field} is missing`, type: 'missing' }];
  const wrongType = TYPE_RULES.find((rule) => rules.includes(rule));
  return (wrongType ? [wrongType] : rules).map((rule) => ({
    field,
    // Rules know the name of their property and not the path to it.
    message: (constraints[rule] ?? '').replace(new RegExp(`\\b${property}\\b`), () => field),
    type: snakeCase(rule),
  }));
}

function snakeCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

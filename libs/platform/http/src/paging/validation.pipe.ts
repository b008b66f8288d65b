import { type ArgumentMetadata, Injectable, type ValidationError, ValidationPipe } from '@nestjs/common';
import { type FieldError, ValidationFailed } from '@platform/kernel';

const MAX_ERRORS = 50;

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
      validationError: { target: false, value: false },
      exceptionFactory: (errors) => new ValidationFailed(fieldErrors(errors)),
    });
  }

  /** @throws ValidationFailed naming each field by its path, such as `items.0.name`. */
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
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

/** class-validator's tree as a flat list; the first failing rule of a field gives its message. */
export function fieldErrors(errors: readonly ValidationError[], path = ''): FieldError[] {
  const found: FieldError[] = [];
  for (const error of errors) {
    if (found.length >= MAX_ERRORS) break;
    const field = path ? `${path}.${error.property}` : error.property;
    for (const [type, message] of Object.entries(error.constraints ?? {})) {
      found.push({ field, message: messageOf(type, message, error.property), type: snakeCase(type) });
    }
    if (error.children) found.push(...fieldErrors(error.children, field));
  }
  return found.slice(0, MAX_ERRORS);
}

function messageOf(type: string, message: string, property: string): string {
  return type === 'whitelistValidation' ? `${property} is not a known field` : message;
}

function snakeCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

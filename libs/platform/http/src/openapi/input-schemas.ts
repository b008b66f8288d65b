import { type Constructor } from '@platform/kernel';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, type MetadataStorage, validateSync, ValidationTypes } from 'class-validator';
import { RULE_SCHEMAS } from './rule-schemas';
import { reference, type Schema } from './schemas';

/** One rule of class-validator on one property. */
type Rule = ReturnType<MetadataStorage['getTargetValidationMetadatas']>[number];

/** Design types of TypeScript that are a JSON type; any other says nothing. */
const DESIGN_TYPES = new Map<unknown, string>([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
]);

/** One property of an input as the document tells it. */
export interface DescribedProperty {
  readonly name: string;
  readonly schema: Schema;
  /** Whether a request without it is refused. */
  readonly required: boolean;
  /** Whether null is good for it. */
  readonly takesNull: boolean;
  /** The class of its objects, where they are validated, too. */
  readonly nested?: Constructor;
}

/**
 * What requests of class `input` are held to, in words of JSON schema: the rules decide, `stated` (by decorators and
 * the compiler plugin) adds descriptions and what no rule says.
 */
export function describeInput(input: Constructor, stated: Readonly<Record<string, Schema>>): DescribedProperty[] {
  const needed = new Set(refusedIn(input, {}));
  const defaults = new input() as Readonly<Record<string, unknown>>;
  const ruled = rulesOf(input);
  const names = [...new Set([...Object.keys(stated), ...Object.keys(ruled)])];
  return names.flatMap((name) => {
    const rules = ruled[name];
    if (!rules) return [];
    const nested = nestedIn(input, name, rules);
    const schema = withNested(rules.reduce(withRule, { ...typeOf(input, name), ...stated[name] }), nested);
    const first = defaults[name];
    return {
      name,
      schema: first === undefined ? schema : { ...schema, default: first },
      required: needed.has(name),
      // Asked of the rules, because a condition may be any function.
      takesNull: !refusedIn(input, { [name]: null }).includes(name),
      nested,
    };
  });
}

/** The rules of the properties that requests of class `input` may have. */
function rulesOf(input: Constructor): Readonly<Record<string, readonly Rule[]>> {
  const storage = getMetadataStorage();
  return storage.groupByPropertyName(storage.getTargetValidationMetadatas(input, '', false, false));
}

/** The properties that the rules refuse in `body`. */
function refusedIn(input: Constructor, body: object): string[] {
  const instance = plainToInstance(input, body, { exposeUnsetFields: false });
  return validateSync(instance as object).map(({ property }) => property);
}

function typeOf(input: Constructor, name: string): Schema {
  const type = DESIGN_TYPES.get(Reflect.getMetadata('design:type', input.prototype, name));
  return type === undefined ? {} : { type };
}

function withRule(schema: Schema, { constraints, context, each, name = '' }: Rule): Schema {
  // class-validator types what a rule was given, and its context, as any.
  const [first, second] = (constraints ?? []) as unknown[];
  const said = (context as { schema?: Schema } | undefined)?.schema ?? RULE_SCHEMAS[name]?.(first, second) ?? {};
  if (!each) return merged(schema, said);
  return { ...schema, items: merged((schema.items ?? {}) as Schema, said) };
}

/** A rule's type replaces the wider one of TypeScript and leaves null beside it. */
function merged(schema: Schema, said: Schema): Schema {
  const nullable = Array.isArray(schema.type) && schema.type.includes('null');
  return { ...schema, ...said, ...(nullable && said.type !== undefined && { type: [said.type, 'null'] }) };
}

function withNested(schema: Schema, nested: Constructor | undefined): Schema {
  if (!nested || schema.$ref !== undefined || schema.allOf !== undefined) return schema;
  return schema.type === 'array' ? { ...schema, items: reference(nested.name) } : reference(nested.name);
}

/** class-transformer knows the class of nested objects; making one is its public way of saying so. */
function nestedIn(input: Constructor, name: string, rules: readonly Rule[]): Constructor | undefined {
  const nested = rules.find(({ type }) => type === ValidationTypes.NESTED_VALIDATION);
  if (!nested) return undefined;
  const made = plainToInstance(input, { [name]: nested.each ? [{}] : {} }) as Record<string, unknown>;
  const value = Array.isArray(made[name]) ? (made[name] as unknown[])[0] : made[name];
  const type = (value as object).constructor as Constructor;
  return type === Object ? undefined : type;
}

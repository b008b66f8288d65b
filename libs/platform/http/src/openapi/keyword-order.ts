import { type Schema } from './schemas';

/** The order in which a reader meets the keywords of a schema; others follow by name. */
const KEYWORDS = [
  ['$ref', 'type', 'format', 'nullable', 'description', 'enum', 'const', 'pattern', 'minLength', 'maxLength'],
  ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum', 'multipleOf'],
  ['items', 'minItems', 'maxItems', 'uniqueItems', 'properties', 'required', 'additionalProperties'],
  ['allOf', 'anyOf', 'oneOf', 'default', 'example'],
].flat();

/** Keywords whose value is any JSON, not a schema. */
const VALUES = new Set(['example', 'examples', 'default', 'enum', 'const']);

/** Keywords whose value maps names to schemas: the names keep their order, it is the one of the class. */
const MAPS = new Set(['properties', 'schemas']);

/**
 * The same part of a document with the keywords of its schemas in one order: whether a rule, a decorator or the
 * compiler plugin spoke first must not show in a committed file.
 */
export function inKeywordOrder<T>(part: T): T {
  // The same shape, its keys in another order.
  return ordered(part, false) as T;
}

function ordered(value: unknown, isSchema: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => ordered(one, isSchema));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as Schema).map(([key, inner]): [string, unknown] => {
    if (VALUES.has(key)) return [key, inner];
    if (MAPS.has(key)) return [key, namedSchemas(inner)];
    return [key, ordered(inner, isSchema || key === 'schema')];
  });
  return Object.fromEntries(isSchema ? entries.sort(([a], [b]) => rank(a) - rank(b) || compare(a, b)) : entries);
}

function namedSchemas(schemas: unknown): unknown {
  if (typeof schemas !== 'object' || schemas === null) return schemas;
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ordered(schema, true)]));
}

function rank(keyword: string): number {
  const index = KEYWORDS.indexOf(keyword);
  return index === -1 ? KEYWORDS.length : index;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

import { randomBytes, randomUUID } from 'node:crypto';
import { type JsonSchema, type OpenApiDocument, type OpenApiOperation } from './openapi';

/** What must differ each time, whatever example the schema shows: an address has one account. */
const FRESH: readonly (readonly [format: string, name: RegExp, make: () => string])[] = [
  ['email', /email$/, () => `example-${randomBytes(6).toString('hex')}@example.com`],
];

/** What a field of this name holds where its schema does not say. */
const BY_NAME: readonly (readonly [RegExp, () => string])[] = [
  [/(url|uri)$/, () => 'https://example.com/example'],
  [/password$/, () => `example ${randomBytes(9).toString('hex')}`],
  [/(^|_)id$/, () => randomUUID()],
];

const BY_FORMAT: Readonly<Record<string, () => string>> = {
  uri: () => 'https://example.com/example',
  uuid: () => randomUUID(),
  date: () => '2027-01-31',
  'date-time': () => '2027-01-31T12:00:00.000Z',
};

/**
 * A value that the schema accepts, with every property of its objects, so that a request that goes through changes
 * something. `name` is the field's own, for text of which the schema says too little.
 */
export function exampleOf(schema: JsonSchema, document: OpenApiDocument, name = ''): unknown {
  const known = resolved(schema, document);
  const fresh = FRESH.find(([format, pattern]) => known.format === format || pattern.test(name));
  if (fresh) return fresh[2]();
  if (known.example !== undefined) return known.example;
  if (known.default !== undefined) return known.default;
  if (known.const !== undefined) return known.const;
  const [first] = listOf(known.enum);
  if (first !== undefined) return first;
  const [part] = [...listOf(known.oneOf), ...listOf(known.anyOf)];
  if (part !== undefined) return exampleOf(part as JsonSchema, document, name);
  const type = listOf(known.type).find((one) => one !== 'null') ?? known.type ?? (known.properties && 'object');
  if (type === 'string') return textOf(known, name);
  if (type === 'integer' || type === 'number') return known.minimum ?? 1;
  if (type === 'boolean') return true;
  if (type === 'array') return [exampleOf((known.items ?? {}) as JsonSchema, document, name)];
  return objectOf(known, document);
}

/** What Swagger UI fills in for a body: the first example that is written for the route, else the properties' own. */
export function prefilledBody({ requestBody }: OpenApiOperation, document: OpenApiDocument): unknown {
  const { examples = {}, schema = {} } = requestBody?.content?.['application/json'] ?? {};
  const [written] = Object.values(examples);
  return written ? written.value : shownBy(schema, document);
}

function shownBy(schema: JsonSchema, document: OpenApiDocument): unknown {
  const known = resolved(schema, document);
  if ('example' in known) return known.example;
  // What a schema calls properties is a map of schemas.
  const entries = Object.entries((known.properties ?? {}) as Record<string, JsonSchema>);
  return Object.fromEntries(entries.map(([name, part]) => [name, shownBy(part, document)]));
}

/** The names of the properties that the schema of a body knows. */
export function propertiesOf(schema: JsonSchema, document: OpenApiDocument): string[] {
  return Object.keys(resolved(schema, document).properties ?? {});
}

function objectOf({ properties = {} }: JsonSchema, document: OpenApiDocument): Record<string, unknown> {
  // What a schema calls properties is a map of schemas.
  const entries = Object.entries(properties as Record<string, JsonSchema>);
  return Object.fromEntries(entries.map(([name, schema]) => [name, exampleOf(schema, document, name)]));
}

function textOf({ format, maxLength, minLength }: JsonSchema, name: string): string {
  const byFormat = typeof format === 'string' ? BY_FORMAT[format] : undefined;
  const make = byFormat ?? BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? (() => 'Example');
  const text = make().padEnd(Number(minLength ?? 0), 'x');
  return maxLength === undefined ? text : text.slice(0, Number(maxLength));
}

/** The schema that a reference leads to, and all of an `allOf` as one. */
function resolved(schema: JsonSchema, document: OpenApiDocument): JsonSchema {
  if (typeof schema.$ref === 'string') {
    const target = document.components?.schemas?.[schema.$ref.split('/').pop() ?? ''];
    if (!target) throw new Error(`The document has no ${schema.$ref}`);
    return resolved(target, document);
  }
  const parts = listOf(schema.allOf).map((part) => resolved(part as JsonSchema, document));
  if (parts.length === 0) return schema;
  const properties = Object.assign({}, ...[...parts, schema].map((part) => part.properties)) as object;
  return Object.assign({}, ...parts, schema, { properties }) as JsonSchema;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

import { PROBLEM_TYPE } from '../errors/error-document';

/** A JSON schema as OpenAPI 3.1 takes it. */
export type Schema = Record<string, unknown>;

const TEXT: Schema = { type: 'string' };
const DETAILS: Schema = { type: 'object', description: 'Facts about the error; empty when there are none.' };

/** Schemas that every document has. */
export const STANDARD_SCHEMAS: Record<string, Schema> = {
  Error: closedObject({
    error: closedObject({
      code: { ...TEXT, description: 'Stable, upper case: switch on it.', example: 'NOT_FOUND' },
      message: { ...TEXT, description: 'For people; may change.' },
      details: DETAILS,
      request_id: TEXT,
    }),
  }),
  Problem: closedObject({
    type: TEXT,
    title: { ...TEXT, example: 'Not Found' },
    status: { type: 'integer' },
    detail: TEXT,
    instance: { ...TEXT, example: '/api/v1/app/users/me/deletion' },
    code: { ...TEXT, example: 'NOT_FOUND' },
    request_id: TEXT,
    details: DETAILS,
  }),
};

/** Schemas of the v2 envelope. */
export const ENVELOPE_SCHEMAS: Record<string, Schema> = {
  Meta: closedObject(metaProperties()),
  PageMeta: closedObject({
    ...metaProperties(),
    page: closedObject({
      total: { type: 'integer', minimum: 0, description: 'Number of all matches.' },
      skip: { type: 'integer', minimum: 0 },
      limit: { type: 'integer', minimum: 1 },
      next_cursor: {
        type: ['string', 'null'],
        description: 'Give it as `cursor` for the next page; null on the last.',
      },
    }),
  }),
};

function metaProperties(): Record<string, Schema> {
  return {
    request_id: TEXT,
    timestamp: { type: 'string', format: 'date-time' },
    version: { type: 'string', enum: ['v2'] },
  };
}

/** An object of exactly these properties, all present. */
export function closedObject(properties: Record<string, Schema>): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** What OpenAPI keeps in one place for all operations. */
export type ComponentKind = 'schemas' | 'responses' | 'headers' | 'parameters';

/** A reference to a component of the document. */
export function reference(name: string, kind: ComponentKind = 'schemas'): Schema {
  return { $ref: `#/components/${kind}/${name}` };
}

/** References to headers of the document, as a response lists them. */
export function headerReferences(...names: readonly string[]): Record<string, Schema> {
  return Object.fromEntries(names.map((name) => [name, reference(name, 'headers')]));
}

/** The answer of an error, in both of its forms. */
export function errorResponse(description: string, ...headers: readonly string[]): Schema {
  return {
    description,
    ...(headers.length > 0 && { headers: headerReferences(...headers) }),
    content: {
      'application/json': { schema: reference('Error') },
      [PROBLEM_TYPE]: { schema: reference('Problem') },
    },
  };
}

/** A response header. */
export function header(description: string, type: 'string' | 'integer' = 'string'): Schema {
  return { description, schema: { type } };
}

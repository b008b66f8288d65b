import { OpenApiContract, type OpenApiDocument } from './openapi';

const json = (schema: Record<string, unknown>) => ({ content: { 'application/json': { schema } } });

const SHARED = {
  404: { $ref: '#/components/responses/NotFound' },
  409: { $ref: '#/components/responses/Forgotten' },
};

const document: OpenApiDocument = {
  openapi: '3.0.0',
  paths: {
    '/things/{id}': { get: { responses: { 200: json({ $ref: '#/components/schemas/Thing' }), 204: {}, ...SHARED } } },
    '/things/newest': { get: { responses: { 200: json({ type: 'array', items: { type: 'integer' } }) } } },
    '/wrapped': {
      get: {
        responses: {
          200: json({
            allOf: [
              { $ref: '#/components/schemas/Envelope' },
              { type: 'object', properties: { data: { $ref: '#/components/schemas/Thing' } } },
            ],
          }),
        },
      },
    },
  },
  components: {
    responses: { NotFound: json({ $ref: '#/components/schemas/Envelope' }) },
    schemas: {
      Thing: {
        type: 'object',
        required: ['id'],
        properties: {
          id: { type: 'string', format: 'uuid' },
          note: { type: 'string', nullable: true },
          parent: { nullable: true, allOf: [{ $ref: '#/components/schemas/Thing' }] },
          free: { type: 'object' },
        },
      },
      Envelope: { type: 'object', required: ['meta'], properties: { meta: { type: 'string' } } },
    },
  },
};

const contract = new OpenApiContract(document);
const id = '0198f1c2-6f3a-7000-8000-000000000001';

function violations(path: string, body: unknown, status = 200): string[] | undefined {
  return contract.violations({ method: 'GET', path, status, contentType: 'application/json; charset=utf-8', body });
}

describe('the OpenAPI contract check', () => {
  it('accepts an answer as declared, null and free objects included', () => {
    expect(violations(`/things/${id}`, { id, note: null, parent: { id }, free: { any: 1 } })).toEqual([]);
    expect(violations(`/things/${id}`, { id, parent: null })).toEqual([]);
  });

  it('finds a property that nobody declared', () => {
    expect(violations(`/things/${id}`, { id, password: 'x' })?.join()).toContain('unevaluated');
  });

  it('finds it at any depth', () => {
    expect(violations(`/things/${id}`, { id, parent: { id, password: 'x' } })).not.toEqual([]);
  });

  it('finds a missing property and a wrong format', () => {
    expect(violations(`/things/${id}`, {})?.join()).toContain("required property 'id'");
    expect(violations(`/things/${id}`, { id: '7' })?.join()).toContain('uuid');
  });

  it('finds a status that is not declared', () => {
    expect(violations(`/things/${id}`, {}, 418)?.join()).toContain('not declared');
  });

  it('follows a response to the one that many share', () => {
    expect(violations(`/things/${id}`, { meta: 'm' }, 404)).toEqual([]);
    expect(violations(`/things/${id}`, {}, 404)?.join()).toContain("required property 'meta'");
    expect(violations(`/things/${id}`, { meta: 'm', extra: 1 }, 404)?.join()).toContain('unevaluated');
    expect(violations(`/things/${id}`, {}, 409)?.join()).toContain('nothing at #/components/responses/Forgotten');
  });

  it('finds a body where none is declared', () => {
    expect(violations(`/things/${id}`, {}, 204)?.join()).toContain('without a body');
  });

  it('takes the literal path before the one with a parameter', () => {
    expect(violations('/things/newest', [1])).toEqual([]);
  });

  it('closes a composition as a whole', () => {
    expect(violations('/wrapped', { meta: 'm', data: { id } })).toEqual([]);
    expect(violations('/wrapped', { meta: 'm', data: { id }, extra: 1 })).not.toEqual([]);
    expect(violations('/wrapped', { meta: 'm', data: { id, extra: 1 } })).not.toEqual([]);
  });

  it('knows that it does not know a route', () => {
    expect(violations('/elsewhere', {})).toBeUndefined();
  });
});

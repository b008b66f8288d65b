import { violationsOf, type Operation, operationsOf, pathOf } from './operations';
import { type Stack } from './modes';
import { OpenApiContract } from './openapi';
import { type Person } from './people';
import { fixtureFor, guessedBodyOf } from './registered';

const responses = { 200: {} };
const contract = new OpenApiContract({
  openapi: '3.1.0',
  paths: {
    '/api/v2/admin/things/{id}/parts/{part_id}': {
      patch: {
        parameters: [{ name: 'id', in: 'path' }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/ChangePart' } } } },
        responses,
        security: [{ bearer: [] }],
        'x-permission': 'things.change',
      },
    },
    '/health/live': { get: { responses, security: [] } },
  },
  components: { schemas: { ChangePart: { type: 'object', properties: { name: { type: 'string', minLength: 9 } } } } },
});

const [change, live] = operationsOf([contract]) as [Operation, Operation];

describe('the operations', () => {
  it('tells of each operation what a rule asks', () => {
    expect(change).toMatchObject({
      name: 'PATCH /api/v2/admin/things/{id}/parts/{part_id}',
      key: 'PATCH /admin/things/{id}/parts/{part_id}',
      parameters: ['id', 'part_id'],
      permission: 'things.change',
      isPublic: false,
      isAdmin: true,
      changes: true,
    });
    expect(live).toMatchObject({
      key: 'GET /health/live',
      parameters: [],
      isPublic: true,
      isAdmin: false,
      changes: false,
    });
  });

  it('is none without documents: a rule about no routes would hold', () => {
    expect(() => operationsOf([])).toThrow(/no OpenAPI document/);
  });

  it('fills a path in, and says which parameter is missing', () => {
    expect(pathOf(change, { id: 'a/b', part_id: '7' })).toBe('/api/v2/admin/things/a%2Fb/parts/7');
    expect(() => pathOf(change, { id: '1' })).toThrow(/no value for \{part_id\}/);
  });

  it('makes a violation of an error, under the name of its operation, and goes on', async () => {
    const judge = async ({ method }: Operation): Promise<string[]> => {
      if (method === 'PATCH') throw new Error('broken');
      return ['odd'];
    };
    expect(await violationsOf([change, live], judge)).toEqual([
      'PATCH /api/v2/admin/things/{id}/parts/{part_id}: Error: broken',
      'GET /health/live: odd',
    ]);
  });
});

describe('the fixtures', () => {
  it('are missing with the fix for a route that nobody registered', () => {
    expect(() => fixtureFor(change)).toThrow(/`things` in test\/e2e\/<domain>.*'PATCH \/admin\/things.*`exempt`/s);
  });

  it('post to the collection of a thing where there is one, with what both versions answer', async () => {
    const json = { content: { 'application/json': { schema: { properties: { name: { type: 'string' } } } } } };
    const document = {
      openapi: '3.1.0',
      paths: {
        '/api/v2/app/parts': { post: { requestBody: json, responses } },
        '/api/v2/app/parts/{id}/copy': { get: { responses } },
      },
    };
    const copy = operationsOf([new OpenApiContract(document)]).find(({ method }) => method === 'GET') as Operation;
    const asked: unknown[] = [];
    const owner = (body: object, status = 201) => ({
      client: { post: async (...sent: unknown[]) => (asked.push(sent), { status, body, text: '' }) },
    });
    // The fixture posts, and looks at nothing else of the person.
    const make = (who: object) => fixtureFor(copy).make(who as unknown as Person, {} as Stack);
    expect(await make(owner({ id: '7' }))).toEqual({ id: '7' });
    expect(await make(owner({ data: { id: '8' }, meta: {} }))).toEqual({ id: '8' });
    expect(asked[0]).toEqual(['/api/v2/app/parts', { name: 'Example' }]);
    await expect(make(owner({}, 422))).rejects.toThrow(/answered 422.*`bodies`.*'POST \/app\/parts'/s);
  });

  it('make a body from its schema', () => {
    expect(guessedBodyOf(change)).toEqual({ name: 'Examplexx' });
    expect(guessedBodyOf(live)).toBeUndefined();
  });
});

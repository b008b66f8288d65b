import { gzipSync } from 'node:zlib';
import { violationsOf, operationsOf, pathOf } from '../../support/operations';
import { propertiesOf } from '../../support/examples';
import { describeEachMode } from '../../support/modes';
import { type Person, signUp, withRole } from '../../support/people';
import { type RawAnswer, rawRequest, sendRaw } from '../../support/raw-http';
import { guessedBodyOf } from '../../support/registered';
import { type ErrorWire, type PageWire, type ProjectWire } from '../../support/wire';

const PROJECTS = '/api/v1/app/projects';
const UNKNOWN = '0198f1c2-6f3a-7000-8000-00000000beef';

/** The envelope, or a failed expectation that shows what came instead. */
function envelopeOf(answer: RawAnswer): ErrorWire['error'] {
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
  const { error } = JSON.parse(answer.body) as ErrorWire;
  expect(error).toEqual({
    code: expect.stringMatching(/^[A-Z_]+$/),
    message: expect.any(String),
    details: expect.any(Object),
    request_id: answer.headers['x-request-id'],
  });
  return error;
}

/** Matches one of the statuses. */
function oneOf(...statuses: number[]): unknown {
  return {
    asymmetricMatch: (value: unknown) => statuses.includes(value as number),
    toString: () => 'oneOf',
    toAsymmetricMatcher: () => `one of ${statuses.join(', ')}`,
  };
}

describeEachMode('bad input', (stack) => {
  let person: Person;

  beforeAll(async () => {
    person = await signUp(stack());
  });

  function post(body: Uint8Array | string, headers: Record<string, string> = {}): Promise<RawAnswer> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const all = {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${person.session.access_token}`,
      ...headers,
    };
    return sendRaw(stack().base, rawRequest('POST', PROJECTS, all, bytes));
  }

  async function projects(): Promise<number> {
    return (await person.client.get<PageWire<ProjectWire>>(PROJECTS)).body.total;
  }

  describe('bodies that are too large (F31)', () => {
    it('answers 20 MB with 413 before it has arrived', async () => {
      const huge = Buffer.alloc(20 * 1024 * 1024, 0x20);
      const answer = await post(huge);
      expect(answer.status).toBe(413);
      expect(envelopeOf(answer)).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', details: { limit: expect.any(Number) } });
      expect(answer.milliseconds).toBeLessThan(1_000);
    });

    it('answers 413 to a body without a length that grows too large', async () => {
      const chunk = `${(8192).toString(16)}\r\n${' '.repeat(8192)}\r\n`;
      const head =
        `POST ${PROJECTS} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        `Authorization: Bearer ${person.session.access_token}\r\nTransfer-Encoding: chunked\r\n\r\n`;
      const answer = await sendRaw(stack().base, head + chunk.repeat(40) + '0\r\n\r\n');
      expect(answer.status).toBe(413);
    });

    it('refuses a gzip bomb of 50 MB in 50 kB with 413 or 415', async () => {
      const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20));
      const answer = await post(bomb, { 'Content-Encoding': 'gzip' });
      expect([413, 415]).toContain(answer.status);
      envelopeOf(answer);
      expect(answer.milliseconds).toBeLessThan(1_000);
    });

    it('takes a body just below the limit', async () => {
      const padded = `{"name":"padded"${' '.repeat(90_000)}}`;
      expect((await post(padded)).status).toBe(201);
    });
  });

  describe('nested JSON (F32)', () => {
    it.each([33, 1_500, 3_000, 45_000])('refuses %i levels with 400', async (levels) => {
      for (const [open, close] of [
        ['[', ']'],
        ['{"a":', '}'],
      ] as const) {
        const filler = open === '[' ? '' : '1';
        const answer = await post(`{"name":${open.repeat(levels)}${filler}${close.repeat(levels)}}`);
        // 45,000 levels of objects are larger than a body may be; both violations are right.
        expect([400, 413]).toContain(answer.status);
        if (levels < 10_000) expect([answer.status, envelopeOf(answer).code]).toEqual([400, 'BAD_REQUEST']);
      }
    });

    it('is not fooled by brackets inside a string', async () => {
      const name = '[{'.repeat(60);
      const answer = await person.client.post<ProjectWire>(PROJECTS, { name });
      expect([answer.status, answer.body.name]).toEqual([201, name]);
    });
  });

  it('refuses a name of which nothing can be seen, on every route that takes one', async () => {
    const { client } = await withRole(stack(), 'superadmin');
    const named = operationsOf(stack().contracts).flatMap((operation) =>
      propertiesOf(operation.body ?? {}, operation.document)
        .filter((property) => /(^|_)(name|title|label)$/.test(property))
        .map((property) => ({ operation, property })),
    );
    const violations = await violationsOf(
      named.map(({ operation }) => operation),
      async (operation) => {
        const [property = ''] = named.filter((one) => one.operation === operation).map((one) => one.property);
        const unknown = Object.fromEntries(operation.parameters.map((name) => [name, UNKNOWN]));
        const body = { ...guessedBodyOf(operation), [property]: '\u200b \u2060' };
        const { body: answered, status } = await client.send<ErrorWire>(operation.method, pathOf(operation, unknown), {
          body,
        });
        const { message } = answered.error;
        return message === `${property}: Must have a visible character` ? [] : [`answered ${status} ${message}`];
      },
    );
    expect(violations).toEqual([]);
    expect(named.map(({ operation }) => operation.key)).toEqual(
      expect.arrayContaining(['POST /public/auth/register', 'PATCH /app/users/me', 'POST /app/api-keys']),
    );
  });

  describe('text that cannot be stored (F33)', () => {
    const bytes = (...codes: number[]): Buffer =>
      Buffer.concat([Buffer.from('{"name":"a'), Buffer.from(codes), Buffer.from('b"}')]);

    it.each<[string, Buffer | string]>([
      ['a lone continuation byte', bytes(0x80)],
      ['an overlong slash', bytes(0xc0, 0xaf)],
      ['a cut-off sequence', bytes(0xe2, 0x82)],
      ['a surrogate in UTF-8', bytes(0xed, 0xa0, 0x80)],
      ['a byte that UTF-8 never has', bytes(0xff)],
      ['Latin-1', Buffer.from('{"name":"café"}', 'latin1')],
      ['UTF-16', Buffer.from('{"name":"abc"}', 'utf16le')],
      ['an escaped NUL', String.raw`{"name":"a\u0000b"}`],
      ['a raw NUL', bytes(0)],
      ['a lone high surrogate', String.raw`{"name":"a\ud800b"}`],
      ['a lone low surrogate', String.raw`{"name":"a\udc00b"}`],
      ['a NUL in a key', String.raw`{"na\u0000me":"a"}`],
    ])('refuses %s with 400 and stores nothing', async (_what, body) => {
      const before = await projects();
      const answer = await post(body);
      expect([answer.status, envelopeOf(answer).code]).toEqual([400, 'BAD_REQUEST']);
      expect(await projects()).toBe(before);
    });

    it('keeps a real surrogate pair as it came', async () => {
      const answer = await post(String.raw`{"name":"\ud83d\ude80 rocket"}`);
      expect(answer.status).toBe(201);
      expect((JSON.parse(answer.body) as ProjectWire).name).toBe('🚀 rocket');
    });

    it('refuses NUL in a query with 4xx', async () => {
      const answer = await person.client.get(PROJECTS, { query: { search: 'a\u0000b' } });
      expect([400, 422]).toContain(answer.status);
    });
  });

  describe('what is not JSON', () => {
    it.each(['', '{', '{"name":', '"text"', '7', 'null', 'true', '{"name":"a"}trailing', "{'name':'a'}", '{name:1}'])(
      'refuses %j with 4xx in the envelope',
      async (body) => {
        const answer = await post(body);
        expect([400, 415, 422]).toContain(answer.status);
        envelopeOf(answer);
      },
    );

    it('never repeats the body in its message', async () => {
      expect((await post('{"password":"hunter2')).body).not.toContain('hunter2');
    });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json; charset=utf-16',
      'application/xml',
      'nonsense',
    ])('refuses the content type %s with 415', async (type) => {
      const answer = await post('{"name":"a"}', { 'Content-Type': type });
      expect([answer.status, envelopeOf(answer).code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    });

    it('refuses keys that reach for prototypes', async () => {
      const answer = await post('{"name":"a","__proto__":{"admin":true}}');
      expect([400, 422]).toContain(answer.status);
      const constructor = await post('{"name":"a","constructor":{"prototype":{"x":1}}}');
      expect([400, 422]).toContain(constructor.status);
    });
  });

  describe('paths (F34)', () => {
    const encoded = ['%E0%A4%A', '%', '%zz', '%00', '%2e%2e%2f', '..%2f..', '%C0%AF', '%ED%A0%80'];

    it.each(encoded)('answers a path parameter %s with 400, 404 or 422', async (id) => {
      const headers = { Authorization: `Bearer ${person.session.access_token}` };
      const answer = await sendRaw(stack().base, rawRequest('GET', `${PROJECTS}/${id}`, headers));
      expect([400, 404, 422]).toContain(answer.status);
      envelopeOf(answer);
    });

    it.each(['%E0%A4%A', '%', '%zz'])('answers a query with %s without an error of ours', async (text) => {
      const headers = { Authorization: `Bearer ${person.session.access_token}` };
      const answer = await sendRaw(stack().base, rawRequest('GET', `${PROJECTS}?search=${text}`, headers));
      expect([200, 400, 422]).toContain(answer.status);
    });

    it.each([
      '1',
      'abc',
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '0198f1c2-6f3a-7000-8000-00000000000g',
      '{0198f1c2-6f3a-7000-8000-000000000001}',
      `${'9'.repeat(3000)}`,
    ])('answers the id %s with 400, 404 or 422', async (id) => {
      const answer = await person.client.get(`${PROJECTS}/${encodeURIComponent(id)}`);
      expect([400, 404, 422]).toContain(answer.status);
    });

    it('answers an endless address and endless headers without 5xx', async () => {
      const long = await sendRaw(stack().base, rawRequest('GET', `/api/v1/${'a'.repeat(20_000)}`, {}));
      expect([400, 404, 414, 431]).toContain(long.status);
      const many = await sendRaw(stack().base, rawRequest('GET', PROJECTS, { 'X-Big': 'a'.repeat(20_000) }));
      expect([400, 401, 431]).toContain(many.status);
    });

    it.each(['limit=1&limit=2', 'search=a&search=b', 'search[a]=b', 'search[]=x', '__proto__[x]=1', 'unknown=1'])(
      'answers the query %s with 200 or 422, never 5xx',
      async (query) => {
        const answer = await person.client.get(`${PROJECTS}?${query}`);
        expect([200, 400, 422]).toContain(answer.status);
      },
    );
  });

  describe('injection (F35)', () => {
    const payloads = [
      "' OR '1'='1",
      "' OR 1=1 --",
      "'; DROP TABLE projects; --",
      '1; SELECT pg_sleep(5)',
      "' || pg_sleep(5) || '",
      "') UNION SELECT id, email, role FROM users --",
      '" OR ""="',
      "\\' OR 1=1 --",
      '`; DELETE FROM users; `',
      "%' OR 1=1 --",
      '_%_%',
      '$1',
      '$$;SELECT 1;$$',
      ':search',
      '?',
      "'; ATTACH DATABASE '/tmp/x' AS x; --",
      'randomblob(1000000000)',
      "' AND 1=CAST((SELECT version()) AS int) --",
      '{"$gt":""}',
      '{"$where":"sleep(5000)"}',
      '[$ne]=1',
      "admin'/*",
      '*/ OR 1=1 /*',
      '\u02BC OR 1=1',
      "x' AND (SELECT count(*) FROM users) > 0 AND 'x'='x",
    ];

    it('takes 25 payloads literally in every query and path parameter', async () => {
      const admin = await withRole(stack(), 'admin');
      await person.client.post(PROJECTS, { name: 'one that a tautology would find' });
      const users = await stack().sql('SELECT id FROM users');
      const slow: string[] = [];
      const ask = async (path: string, client: Person['client']): Promise<number> => {
        const began = performance.now();
        const { status } = await client.get(path);
        if (performance.now() - began > 2_000) slow.push(path);
        return status;
      };
      for (const payload of payloads) {
        const text = encodeURIComponent(payload);
        const found = await person.client.get<PageWire<ProjectWire>>(`${PROJECTS}?search=${text}`);
        expect([payload, found.status, found.body.total]).toEqual([payload, 200, 0]);
        for (const name of ['skip', 'limit', 'cursor']) {
          expect([payload, await ask(`${PROJECTS}?${name}=${text}`, person.client)]).toEqual([
            payload,
            oneOf(400, 422),
          ]);
        }
        expect(await ask(`${PROJECTS}/${text}`, person.client)).toEqual(oneOf(400, 404, 422));
        for (const name of ['role', 'is_active', 'skip', 'limit']) {
          expect(await ask(`/api/v1/admin/users?${name}=${text}`, admin.client)).toEqual(oneOf(400, 422));
        }
        const people = await admin.client.get<PageWire<unknown>>(`/api/v1/admin/users?search=${text}`);
        expect([payload, people.status, people.body.total]).toEqual([payload, 200, 0]);
        expect(await ask(`/api/v1/admin/users/${text}`, admin.client)).toEqual(oneOf(400, 404, 422));
      }
      expect(slow).toEqual([]);
      expect((await stack().sql('SELECT id FROM users')).length).toBe(users.length);
    }, 60_000);

    it('stores 25 payloads as they came', async () => {
      for (const payload of payloads) {
        const created = await person.client.post<ProjectWire>(PROJECTS, { name: payload, description: payload });
        const read = await person.client.get<ProjectWire>(`${PROJECTS}/${created.body.id}`);
        expect([read.body.name, read.body.description]).toEqual([payload, payload]);
      }
    });
  });
});

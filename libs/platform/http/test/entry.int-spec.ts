import { HealthChecks } from '@platform/observability';
import { describeEachDatabase } from '../../../../test/support/databases';
import { rawRequest, sendRaw } from '../../../../test/support/raw-http';
import { type ProbeApp, startProbe } from './probe-app';

const PROBE = '/api/v1/public/probe';
const METRICS_TOKEN = 'a-token-for-the-operator';
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describeEachDatabase('the entry middleware', (database) => {
  let probe: ProbeApp;

  beforeAll(async () => {
    probe = await startProbe({
      ...database.environment(),
      ENVIRONMENT: 'production',
      ALLOW_SQLITE_IN_PRODUCTION: 'true',
      API_DOCS_ENABLED: 'true',
      METRICS_TOKEN,
      PUBLIC_BASE_URL: 'https://api.example.com',
      BACKEND_CORS_ORIGINS: 'https://app.example.com',
      TRUSTED_PROXIES: '127.0.0.0/8',
      API_DEPRECATED_VERSIONS: 'v1=2026-11-01',
      API_SUNSET_DATES: 'v1=2027-06-30',
      RATE_LIMIT_DEFAULT: '3/minute',
      RATE_LIMIT_AUTHENTICATED: '2/minute',
    });
  });
  afterAll(() => probe.close());

  it('gives every answer its security headers, also one that no route gives', async () => {
    for (const path of [`${PROBE}/text`, '/nowhere', '/api/v2/nowhere']) {
      const { headers } = await probe.call('GET', path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'x-xss-protection': '1; mode=block',
        'referrer-policy': 'strict-origin-when-cross-origin',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'permissions-policy':
          'accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()',
        'strict-transport-security': 'max-age=31536000; includeSubDomains; preload',
      });
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('etag')).toBeNull();
    }
  });

  it('echoes a harmless request id and replaces any other', async () => {
    const idFor = async (id: string) =>
      (await probe.call('GET', `${PROBE}/text`, { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await idFor('abc-DEF_1.2')).toBe('abc-DEF_1.2');
    for (const id of ['has space', 'a'.repeat(65), '{"x":1}', 'x;y']) expect(await idFor(id)).toMatch(UUID_V7);
    expect((await probe.call('GET', `${PROBE}/text`)).headers.get('x-request-id')).toMatch(UUID_V7);
  });

  it('tells version, deprecation and sunset where a version is in the path', async () => {
    const v1 = (await probe.call('GET', `${PROBE}/text`)).headers;
    expect([v1.get('x-api-version'), v1.get('x-api-latest-version')]).toEqual(['v1', 'v2']);
    expect(v1.get('deprecation')).toBe(`@${Date.UTC(2026, 10, 1) / 1000}`);
    expect(v1.get('sunset')).toBe('Wed, 30 Jun 2027 00:00:00 GMT');
    expect(v1.get('x-deprecation-notice')).toBe(
      'API v1 is deprecated. It will be removed on 2027-06-30. Please migrate to v2.',
    );
    expect(v1.get('link')).toBe('</api/v2/>; rel="successor-version"');
    const v2 = (await probe.call('GET', '/api/v2/public/probe/text')).headers;
    expect([v2.get('x-api-version'), v2.get('deprecation'), v2.get('link')]).toEqual(['v2', null, null]);
    expect((await probe.call('GET', '/elsewhere')).headers.get('x-api-version')).toBeNull();
  });

  it('lets the listed origin in with credentials and says nothing to others', async () => {
    const from = (origin: string, method = 'GET', headers = {}) =>
      sendRaw(probe.base, rawRequest(method, `${PROBE}/text`, { Origin: origin, ...headers }));
    const ours = await from('https://app.example.com');
    expect(ours.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': expect.stringContaining('X-Request-ID'),
      vary: 'Origin',
    });
    for (const origin of [
      'https://evil.example.com',
      'https://app.example.com.evil.com',
      'null',
      'http://app.example.com',
      'http://localhost:3000',
      'http://127.0.0.1:5173',
      probe.base,
    ]) {
      expect((await from(origin)).headers['access-control-allow-origin']).toBeUndefined();
    }
    const preflight = await from('https://app.example.com', 'OPTIONS', {
      'Access-Control-Request-Method': 'PATCH',
      'Access-Control-Request-Headers': 'authorization, if-match',
    });
    expect([preflight.status, preflight.headers['access-control-allow-headers']]).toEqual([
      204,
      'authorization, if-match',
    ]);
    expect(preflight.headers['access-control-allow-methods']).toContain('PATCH');
  });

  it('counts signed-in callers by themselves, strangers by address, and shows both header families', async () => {
    const list = (as: string | undefined, address: string) =>
      probe.call('GET', '/api/v1/app/notes', { as, headers: { 'x-forwarded-for': address } });
    const first = await list('cid', '203.0.113.1');
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '1',
      'x-ratelimit-reset': expect.stringMatching(/^\d{10}$/),
      'ratelimit-policy': '"authenticated";q=2;w=60',
      ratelimit: expect.stringMatching(/^"authenticated";r=1;t=\d+$/),
      'cache-control': 'no-store',
    });
    expect((await list('cid', '203.0.113.2')).status).toBe(200);
    const refused = await list('cid', '203.0.113.3');
    expect([refused.status, refused.body.error.code]).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
    expect(refused.body.error.details).toEqual({ retry_after: Number(refused.headers.get('retry-after')) });

    // Guessing tokens is counted like knocking without one; a good token behind the same address still passes.
    const statuses: number[] = [];
    for (const word of ['eve', undefined, 'eve', 'eve', undefined])
      statuses.push((await list(word, '203.0.113.9')).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect((await list('cid2', '203.0.113.9')).status).toBe(200);
  });

  it('believes the nearest untrusted address only, so inventing others gains nothing', async () => {
    const login = (forwarded: string) =>
      probe.call('POST', `${PROBE}/login`, { headers: { 'x-forwarded-for': forwarded } });
    const statuses: number[] = [];
    for (let call = 0; call < 6; call++) statuses.push((await login(`1.2.3.${call}, 198.51.100.7`)).status);
    expect(statuses).toEqual([204, 204, 204, 204, 204, 429]);
  });

  it('tells clients apart behind a proxy that adds ports or speaks of them in Forwarded', async () => {
    const statuses = async (headers: (call: number) => Record<string, string>): Promise<number[]> => {
      const answered: number[] = [];
      for (let call = 0; call < 6; call++) {
        answered.push((await probe.call('POST', `${PROBE}/login`, { headers: headers(call) })).status);
      }
      return answered;
    };
    const own = [204, 204, 204, 204, 204, 429];
    expect(await statuses((call) => ({ 'x-forwarded-for': `198.51.100.8:${60_000 + call}` }))).toEqual(own);
    expect(await statuses((call) => ({ forwarded: `for="[2a00:1::17]:${60_000 + call}"` }))).toEqual(own);
    expect(await statuses((call) => ({ 'x-forwarded-for': `198.51.100.${10 + call}:443` }))).not.toContain(429);
    const addresses = probe.log.map((line) => (JSON.parse(line) as { client_ip?: string }).client_ip);
    expect(addresses).toEqual(expect.arrayContaining(['198.51.100.8', '2a00:1::17', '198.51.100.10']));
  });

  describe('health in production', () => {
    const READY = ['/health/ready', '/api/v1/public/health/ready', '/api/v2/public/health/ready'];
    const ask = async (path: string, as?: string) => {
      const { status, body } = await probe.call('GET', path, { as });
      const { timestamp, ...rest } = body as { timestamp: string };
      expect(Date.parse(timestamp)).toBeGreaterThan(0);
      return [status, rest];
    };
    const version = (path: string) => (path.includes('/v2/') ? { version: 'v2' } : {});
    /** A report is kept for a second. */
    const aSecondLater = () => new Promise((resolve) => setTimeout(resolve, 1_010));

    it('is up, and to the bearer of METRICS_TOKEN also why', async () => {
      for (const path of [...READY, '/health/live', '/api/v1/public/health', '/api/v2/public/health']) {
        for (const as of [undefined, 'another-token-entirely']) {
          expect([path, ...(await ask(path, as))]).toEqual([path, 200, { status: 'healthy', ...version(path) }]);
        }
      }
      for (const path of READY) {
        const [, body] = await ask(path, METRICS_TOKEN);
        expect(body).toMatchObject({ components: { database: { status: 'healthy' } } });
      }
      const [, body] = await ask('/api/v2/public/health', METRICS_TOKEN);
      expect(body).toMatchObject({ service: 'OmniStack API', uptime_seconds: expect.any(Number) });
    });

    it('is up while a part is away that can be, and down without the database', async () => {
      const checks = probe.app.get(HealthChecks);
      const away = () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.5'));
      checks.register('redis', away, { critical: false });
      await aSecondLater();
      for (const path of READY) {
        expect([path, ...(await ask(path))]).toEqual([path, 200, { status: 'healthy', ...version(path) }]);
      }
      expect((await ask(READY[0] ?? '', METRICS_TOKEN))[1]).toMatchObject({ status: 'degraded' });
      checks.register('database', away, { critical: true });
      await aSecondLater();
      for (const path of READY) {
        expect([path, ...(await ask(path))]).toEqual([path, 503, { status: 'unhealthy', ...version(path) }]);
      }
    });
  });

  describe('a call that is counted by what its body says', () => {
    const ask = (body: unknown, address = '198.51.100.20', headers: Record<string, string> = {}) =>
      probe.call('POST', `${PROBE}/ask`, { body, headers: { 'x-forwarded-for': address, ...headers } });
    const statuses = async (calls: number, ...parameters: Parameters<typeof ask>) =>
      (await Promise.all(Array.from({ length: calls }, () => ask(...parameters)))).map(({ status }) => status);

    it('is counted with the address that it comes from', async () => {
      expect((await statuses(50, { name: 'ann' })).filter((status) => status === 204)).toHaveLength(3);
      expect(await statuses(3, { name: 'ann' }, '198.51.100.21')).toEqual([204, 204, 204]);
      const first = await ask({ name: 'bob' });
      expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([204, '"auth.mail";q=3;w=60']);
      const refused = await ask({ name: 'ann' });
      expect([refused.status, refused.body.error.code]).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      // The policy of other routes knows nothing of it.
      const other = await probe.call('POST', `${PROBE}/login`, { headers: { 'x-forwarded-for': '198.51.100.20' } });
      expect(other.status).toBe(204);
    });

    it('is counted when it names nobody, cannot be read or is too large, before anything is looked at', async () => {
      expect(await statuses(2, {}, '198.51.100.22')).toEqual([204, 204]);
      expect(await statuses(1, '{"name', '198.51.100.22')).toEqual([400]);
      expect(await statuses(1, '{"name', '198.51.100.22')).toEqual([429]);
      const large = { name: 'x'.repeat(8_192) };
      expect(await statuses(3, large, '198.51.100.23')).toEqual([413, 413, 413]);
      expect(await statuses(1, large, '198.51.100.23')).toEqual([429]);
      expect(await statuses(1, { name: 'cid' }, '198.51.100.23')).toEqual([204]);
    });

    it('has with all others of its address ten times the limit', async () => {
      const through: number[] = [];
      for (let name = 0; name < 12; name++) {
        through.push(...(await statuses(3, { name: `name ${name}` }, '198.51.100.24')));
      }
      expect(through.filter((status) => status === 204)).toHaveLength(30);
    });
  });

  it('serves both documents and both viewers from this machine alone', async () => {
    const v1 = await probe.call('GET', '/api/v1/openapi.json');
    expect(v1.body.paths['/api/v1/app/notes/{id}'].get).toMatchObject({
      security: [{ bearer: [] }],
      parameters: expect.arrayContaining([
        expect.objectContaining({ name: 'id', in: 'path', schema: { type: 'string', format: 'uuid' } }),
      ]),
      responses: { 200: expect.any(Object), 304: expect.any(Object), 401: expect.any(Object), 404: expect.any(Object) },
    });
    const { get: list } = v1.body.paths['/api/v1/app/notes'];
    const { patch } = v1.body.paths['/api/v1/app/notes/{id}'];
    expect([list.responses[304], list.responses[412], patch.responses[412]]).toEqual([
      undefined,
      undefined,
      expect.any(Object),
    ]);
    const namesOf = ({ name, $ref }: { name?: string; $ref?: string }) => name ?? $ref?.split('/').pop();
    expect(patch.parameters.map(namesOf)).toEqual(['id', 'If-Match']);
    expect(v1.body.components.parameters['If-Match']).toMatchObject({ name: 'If-Match', in: 'header' });
    const v2 = await probe.call('GET', '/api/v2/openapi.json');
    const page = v2.body.paths['/api/v2/app/notes'].get.responses[200].content['application/json'].schema;
    expect(page.properties).toEqual({
      data: { type: 'array', items: { $ref: '#/components/schemas/NoteDto' } },
      meta: { $ref: '#/components/schemas/PageMeta' },
    });
    expect(Object.keys(v2.body.paths).filter((path) => path.startsWith('/api/v1'))).toEqual([]);
    for (const path of ['/docs', '/redoc']) {
      const answer = await probe.call('GET', path);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.text).not.toMatch(/https?:\/\/(?!localhost)[^"']*\.(js|css)/);
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    }
    expect((await probe.call('GET', '/redoc/redoc.standalone.js')).text.length).toBeGreaterThan(100_000);
  });
});

import { describeEachMode } from '../../support/modes';
import { signUp } from '../../support/people';
import { type ErrorWire } from '../../support/wire';

const HEALTH = '/api/v1/public/health';
const SOCKETS = '/socket.io/?EIO=4&transport=polling';
/** A browser shows the answer of the first to nobody, and gets none from the second. */
const REFUSED = [
  [HEALTH, 200],
  [SOCKETS, 403],
] as const;
const ME = '/api/v1/app/users/me';

describeEachMode.private('the entry of the API', (stack) => {
  describe('errors', () => {
    it.each([
      ['/nowhere', 'GET'],
      ['/api/v1/nowhere', 'GET'],
      ['/api/v2/nowhere', 'POST'],
      ['/api/v3/public/health', 'GET'],
      ['/api/v1/app/projects/a/b/c', 'GET'],
    ] as const)('answers %s with 404 and resource Route', async (path, method) => {
      const answer = await stack().client.send<ErrorWire>(method, path);
      expect(answer.status).toBe(404);
      expect(answer.body.error).toMatchObject({ code: 'NOT_FOUND', details: { resource: 'Route' } });
    });

    it.each([
      ['PUT', ME, ['GET', 'PATCH']],
      ['DELETE', HEALTH, ['GET']],
      ['GET', '/api/v1/public/auth/login', ['POST']],
    ] as const)('answers %s %s with 405 and names what is allowed', async (method, path, allowed) => {
      const answer = await stack().client.send<ErrorWire>(method, path, method === 'PUT' ? { body: {} } : {});
      expect([answer.status, answer.body.error.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
      for (const verb of allowed) expect(answer.headers.get('allow')).toContain(verb);
    });

    it('answers the same error as a problem of RFC 9457 to clients that ask for it', async () => {
      const answer = await stack().client.get<Record<string, unknown>>(ME, {
        headers: { accept: 'application/problem+json' },
      });
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(answer.body).toMatchObject({ status: 401, code: 'AUTHENTICATION_ERROR', title: expect.any(String) });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    });

    it('lists every wrong field at once', async () => {
      const { client } = await signUp(stack());
      const answer = await client.post<ErrorWire>('/api/v1/app/projects', { description: 7, extra: true });
      const errors = answer.body.error.details.errors as { field: string; message: string; type: string }[];
      expect(new Set(errors.map((error) => error.field))).toEqual(new Set(['name', 'description', 'extra']));
      for (const error of errors) expect([typeof error.message, typeof error.type]).toEqual(['string', 'string']);
    });
  });

  describe('request ids', () => {
    it('returns the caller’s own', async () => {
      const answer = await stack().client.get(HEALTH, { headers: { 'x-request-id': 'my-request_1.2' } });
      expect(answer.headers.get('x-request-id')).toBe('my-request_1.2');
    });

    it.each(['has space', 'a'.repeat(65), 'semi;colon', '<script>', 'ünï'.normalize('NFC')])(
      'replaces %j by a new one',
      async (id) => {
        const headers = { 'x-request-id': Buffer.from(id).toString('latin1') };
        const answer = await stack().client.get(HEALTH, { headers });
        expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/);
      },
    );

    it('makes a new one for every request', async () => {
      const ids = await Promise.all(
        Array.from({ length: 20 }, async () => (await stack().client.get(HEALTH)).headers.get('x-request-id')),
      );
      expect(new Set(ids).size).toBe(20);
    });
  });

  describe('security headers', () => {
    const wanted = {
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-xss-protection': '1; mode=block',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'permissions-policy':
        'accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()',
    };

    it.each([HEALTH, ME, '/nowhere', '/api/v1/app/projects/%E0%A4%A'])('stand on the answer to %s', async (path) => {
      const { headers } = await stack().client.get(path);
      for (const [name, value] of Object.entries(wanted)) expect([name, headers.get(name)]).toEqual([name, value]);
      expect(headers.has('strict-transport-security')).toBe(false);
      expect(headers.has('x-powered-by')).toBe(false);
    });

    it('keep an authenticated answer out of every cache', async () => {
      const { client } = await signUp(stack());
      expect((await client.get(ME)).headers.get('cache-control')).toContain('no-store');
    });
  });

  describe('cross-origin requests', () => {
    it('are allowed to a listed origin, with credentials', async () => {
      const { headers } = await stack().client.get(HEALTH, { headers: { origin: 'http://localhost:3000' } });
      expect(headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('vary')).toMatch(/origin/i);
    });

    it.each(['http://localhost:5173', 'http://127.0.0.1:8080', 'https://[::1]:4200', 'http://localhost'])(
      'are allowed to %s, a page of this machine, and so are sockets',
      async (origin) => {
        for (const path of [HEALTH, SOCKETS]) {
          expect([path, ...(await askedFrom(origin, path))]).toEqual([path, 200, origin]);
        }
      },
    );

    it.each(['http://evil.test', 'http://localhost:3000.evil.test', 'http://127.0.0.1.evil.test:3000', 'null'])(
      'are not allowed to %s, nor are sockets, and the log says once what to do',
      async (origin) => {
        for (const [path, status] of [...REFUSED, ...REFUSED]) {
          expect([path, ...(await askedFrom(origin, path))]).toEqual([path, status, null]);
        }
        const lines = stack()
          .api.output.split('\n')
          .filter((line) => line.includes(`"origin":"${origin}"`));
        expect(lines).toEqual([expect.stringMatching(/WARNING.*BACKEND_CORS_ORIGINS/)]);
      },
    );

    async function askedFrom(origin: string, path: string): Promise<[status: number, allowed: string | null]> {
      const { status, headers, body } = await fetch(`${stack().base}${path}`, { headers: { origin } });
      await body?.cancel();
      return [status, headers.get('access-control-allow-origin')];
    }

    it('are asked for in a preflight that needs no token and is not limited', async () => {
      const headers = {
        origin: 'http://localhost:3000',
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization,content-type,if-match',
      };
      const answer = await stack().client.send('OPTIONS', ME, { headers });
      expect([200, 204]).toContain(answer.status);
      expect(answer.headers.get('access-control-allow-methods')).toContain('PATCH');
      expect(answer.headers.get('access-control-allow-headers')).toContain('if-match');
      expect(answer.headers.has('x-ratelimit-limit')).toBe(false);
    });
  });

  describe('versions', () => {
    it.each([
      ['v1', HEALTH],
      ['v2', '/api/v2/public/health'],
      ['v1', ME],
      ['v1', '/api/v1/nowhere'],
    ])('tell %s on %s, and the latest', async (version, path) => {
      const { headers } = await stack().client.get(path);
      expect(headers.get('x-api-version')).toBe(version);
      expect(headers.get('x-api-latest-version')).toBe('v2');
      expect(headers.has('deprecation')).toBe(false);
    });

    it('are not told outside the API', async () => {
      expect((await stack().client.get('/health/live')).headers.has('x-api-version')).toBe(false);
    });
  });
});

describeEachMode.private(
  'a deprecated version',
  (stack) => {
    it('says so on every answer, with the day it ends and its successor', async () => {
      const { headers } = await stack().client.get(HEALTH);
      expect(headers.get('deprecation')).toBe(`@${Date.UTC(2027, 0, 1) / 1000}`);
      expect(headers.get('sunset')).toBe('Wed, 30 Jun 2027 00:00:00 GMT');
      expect(headers.get('x-deprecation-notice')).toBe(
        'API v1 is deprecated. It will be removed on 2027-06-30. Please migrate to v2.',
      );
      expect(headers.get('link')).toBe('</api/v2/>; rel="successor-version"');
    });

    it('does not burden the other one', async () => {
      const { headers } = await stack().client.get('/api/v2/public/health');
      expect([headers.has('deprecation'), headers.has('sunset')]).toEqual([false, false]);
    });
  },
  { env: { API_DEPRECATED_VERSIONS: 'v1=2027-01-01', API_SUNSET_DATES: 'v1=2027-06-30' }, modes: ['embedded'] },
);

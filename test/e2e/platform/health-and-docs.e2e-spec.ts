import { eventually } from '../../support/app-process';
import { describeEachMode, type Stack } from '../../support/modes';
import { signUp } from '../../support/people';
import { examples } from './newcomer/examples';
import { guides } from './newcomer/guides';
import { mailLinks } from './newcomer/mail-links';
import { prefilledBodies } from './newcomer/prefilled-bodies';
import { wayIn } from './newcomer/way-in';

interface HealthWire {
  status: string;
  timestamp: string;
  version?: string;
  uptime_seconds?: number;
  components?: Record<string, { status: string; latency_ms?: number | null }>;
}

describeEachMode.private('a running API', (stack, mode) => {
  wayIn(stack, mode);
  mailLinks(stack);
  if (mode === 'embedded') documentation(stack);

  describe('health', () => {
    it('answers liveness on v1 with status and time', async () => {
      const { status, body } = await stack().client.get<HealthWire>('/api/v1/public/health');
      expect([status, body.status]).toEqual([200, 'healthy']);
      expect(Math.abs(Date.parse(body.timestamp) - Date.now())).toBeLessThan(60_000);
    });

    it('answers liveness on v2 flat, with version and uptime', async () => {
      const { body } = await stack().client.get<HealthWire>('/api/v2/public/health');
      expect(body).toMatchObject({ status: 'healthy', version: 'v2', service: expect.any(String) });
      expect(body.uptime_seconds).toBeGreaterThan(0);
    });

    it.each(['v1', 'v2'])('answers readiness on %s with the database and Redis of this mode', async (version) => {
      const { status, body } = await stack().client.get<HealthWire>(`/api/${version}/public/health/ready`);
      expect([status, body.status]).toEqual([200, 'healthy']);
      expect(body.components?.database?.status).toBe('healthy');
      expect(body.components?.redis?.status).toBe(stack().mode === 'scale-out' ? 'healthy' : 'not_configured');
    });

    it('answers the probes of orchestrators', async () => {
      expect((await stack().client.get('/health/live')).status).toBe(200);
      expect((await stack().client.get('/health/ready')).status).toBe(200);
    });
  });

  describe('metrics', () => {
    async function scrape(): Promise<string> {
      const answer = await stack().client.get<string>('/api/v1/public/metrics');
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
      return answer.body;
    }

    function value(text: string, series: RegExp): number {
      const line = text.split('\n').find((candidate) => !candidate.startsWith('#') && series.test(candidate));
      return Number(line?.split(' ').at(-1) ?? 0);
    }

    it('count a request under its route template, not its path', async () => {
      const { client } = await signUp(stack());
      const series = /^http_requests_total\{(?=[^}]*method="GET")(?=[^}]*projects)(?=[^}]*"200")/;
      const before = value(await scrape(), series);
      for (let index = 0; index < 3; index++) await client.get('/api/v1/app/projects');
      await client.get('/api/v1/app/projects/0198f1c2-6f3a-7000-8000-000000000001');
      const after = await scrape();
      expect(value(after, series)).toBe(before + 3);
      expect(after).not.toContain('0198f1c2-6f3a-7000-8000-000000000001');
    });

    it('carry the process, the database and the time that requests took', async () => {
      const text = await scrape();
      for (const family of [/^http_request_duration_seconds_bucket/m, /^process_|^nodejs_|^system_/m, /^db_/m]) {
        expect(text).toMatch(family);
      }
    });

    it('tell about themselves', async () => {
      const { body } = await stack().client.get('/api/v1/public/metrics/health');
      expect(body).toEqual({ status: 'healthy', prometheus_available: true, environment: 'local' });
    });
  });
});

function documentation(stack: () => Stack): void {
  describe('documentation', () => {
    examples(stack);
    prefilledBodies(stack);
    guides(stack);

    it('serves both OpenAPI documents', async () => {
      for (const version of ['v1', 'v2']) {
        const { status, body } = await stack().client.get<{ openapi: string; paths: object }>(
          `/api/${version}/openapi.json`,
        );
        expect([status, body.openapi]).toEqual([200, expect.stringMatching(/^3\./)]);
        const paths = Object.keys(body.paths);
        expect(paths).toContain(`/api/${version}/app/projects`);
        expect(paths.filter((path) => !path.startsWith(`/api/${version}/`) && path.startsWith('/api/'))).toEqual([]);
      }
    });

    it('says of every operation what it is for, how it is secured and what it answers', async () => {
      interface Operation {
        summary?: string;
        security?: unknown[];
        responses: Record<string, unknown>;
      }
      const { body } = await stack().client.get<{ paths: Record<string, Record<string, Operation>> }>(
        '/api/v1/openapi.json',
      );
      for (const [path, operations] of Object.entries(body.paths)) {
        for (const [method, operation] of Object.entries(operations)) {
          const place = `${method} ${path}`;
          expect([place, operation.summary ?? '']).toEqual([place, expect.stringMatching(/^[A-Z].{1,118}[.]$/)]);
          const secured = (operation.security ?? []).length > 0;
          expect([place, secured]).toEqual([place, !path.includes('/public/') && path.startsWith('/api/')]);
          if (secured)
            expect([place, Object.keys(operation.responses)]).toEqual([place, expect.arrayContaining(['401'])]);
        }
      }
    });

    it.each(['/docs', '/redoc', '/redoc/v1'])(
      'serves %s from local files, under a policy that lets it run',
      async (path) => {
        const page = await stack().client.get<string>(path);
        expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
        expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
        const named = [...page.body.matchAll(/<(?:script|link)[^>]*(?:src|href)="([^"]+)"/g)].map((match) => match[1]);
        const sources = named.filter((source) => !source?.startsWith('data:'));
        expect(sources.length).toBeGreaterThan(0);
        for (const source of sources) {
          expect(source).not.toMatch(/^(https?:)?\/\//);
          const file = await stack().client.get(new URL(source ?? '', `${stack().base}${path}`).pathname);
          expect([source, file.status]).toEqual([source, 200]);
          // What the policy blocks stands as an error in the console, and needs the internet.
          expect(file.text.match(/https:\/\/cdn[^"'` ]*/g) ?? []).toEqual([]);
        }
        expect(page.body).not.toMatch(/<script(?![^>]*src=)[^>]*>[^<\s]/);
      },
    );
  });
}

describeEachMode.private(
  'documentation that is switched off',
  (stack) => {
    it.each(['/docs', '/redoc', '/api/v1/openapi.json', '/api/v2/openapi.json'])(
      'answers %s with 404',
      async (path) => {
        expect((await stack().client.get(path)).status).toBe(404);
      },
    );
  },
  { env: { API_DOCS_ENABLED: 'false' }, modes: ['embedded'] },
);

describeEachMode.private(
  'production',
  (stack) => {
    it('hides documentation and mailbox, demands the metrics token, and sends HSTS', async () => {
      for (const path of ['/', '/docs', '/redoc', '/api/v1/openapi.json', '/dev/mailbox', '/verify-email']) {
        expect([path, (await stack().client.get(path)).status]).toEqual([path, 404]);
      }
      const health = await stack().client.get('/health/live');
      expect(health.headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains; preload');
      const metrics = '/api/v1/public/metrics';
      expect((await stack().client.get(metrics)).status).toBe(401);
      expect((await stack().client.as('wrong').get(metrics)).status).toBe(401);
      expect((await stack().client.as('a-token-for-the-scraper').get(metrics)).status).toBe(200);
    });

    it('says to nobody what it is made of, on any route that asks for no token', async () => {
      const health = ['', '/live', '/ready'].map((path) => `/health${path}`);
      const versions = ['v1', 'v2'].map((version) => `/api/${version}/public`);
      const paths = versions.flatMap((base) => [
        `${base}/health`,
        `${base}/health/ready`,
        `${base}/metrics`,
        `${base}/metrics/health`,
        `${base}/auth/oidc`,
        `${base}/auth/oidc/nobody/start`,
        `${base}/auth/login`,
      ]);
      const polling = '/socket.io/?EIO=4&transport=polling';
      for (const path of ['/', '/nowhere', '/.well-known/jwks.json', polling, ...health, ...paths]) {
        for (const method of ['GET', 'POST']) {
          const answer = await fetch(`${stack().base}${path}`, { method });
          const said = `${await answer.text()} ${JSON.stringify([...answer.headers])}`;
          const found = /sqlite|postgres|redis|express|node|omnistack|uptime|environment|production|\b0\.1\.0\b/i.exec(
            said,
          );
          expect([method, path, found?.[0]]).toEqual([method, path, undefined]);
        }
      }
    });

    it('writes one JSON object per log line, and no secret into any', async () => {
      const { session } = await signUp(stack());
      await stack().client.get(`/health/live?token=${session.access_token}`);
      const secrets = {
        code: 'S3CRETCODE',
        state: 'S3CRETSTATE',
        link_token: 'S3CRETLINK',
        next: '/x?ticket=S3CRETTICKET',
      };
      const callback = `/api/v1/public/auth/oidc/nobody/callback?${new URLSearchParams(secrets).toString()}`;
      expect((await stack().client.get(callback)).status).toBe(404);
      await eventually('its line', async () => stack().api.output.includes('/oidc/nobody/callback?code='));
      expect(stack().api.output).not.toContain('S3CRET');
      const lines = await eventually('log lines', async () => {
        const found = stack()
          .api.output.split('\n')
          .filter((line) => line.trim() !== '');
        return found.length > 0 ? found : undefined;
      });
      const broken = lines.filter((line) => {
        try {
          return typeof JSON.parse(line) !== 'object';
        } catch {
          return true;
        }
      });
      expect(broken).toEqual([]);
      expect(stack().api.output).not.toContain(session.access_token);
      expect(stack().api.output).not.toContain(session.refresh_token);
    });
  },
  {
    env: {
      ENVIRONMENT: 'production',
      AUTH_REQUIRE_VERIFIED_EMAIL: 'false',
      ALLOW_SQLITE_IN_PRODUCTION: 'true',
      SECRET_KEY: 'k7Jq0xv9ZrT2mWn4pLs8yBc1dFg6hAe3',
      PUBLIC_BASE_URL: 'https://api.example.com',
      METRICS_TOKEN: 'a-token-for-the-scraper',
      DB_MIGRATE_ON_BOOT: 'true',
      WORKER: 'inline',
    },
    modes: ['embedded'],
  },
);

import { Clock } from '@platform/kernel';
import { HealthChecks, Lifecycle } from '@platform/observability';
import { describeEachDatabase } from '../../../../test/support/databases';
import { describeWithRedis } from '../../../../test/support/services';
import { TcpGate } from '../../../../test/support/tcp-gate';
import { type ProbeApp, startProbe } from './probe-app';

const TOKEN = 'a-token-for-prometheus';
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

describeEachDatabase('health and metrics', (database) => {
  let probe: ProbeApp;
  beforeAll(async () => {
    probe = await startProbe({ ...database.environment(), METRICS_TOKEN: TOKEN, RATE_LIMIT_DEFAULT: '20/minute' });
  });
  afterAll(() => probe.close());

  const product = database.dialect === 'sqlite' ? /^SQLite \d/ : /^PostgreSQL \d/;

  it('says that the process runs, in the shape of each version', async () => {
    for (const path of ['/api/v1/public/health', '/health/live']) {
      const { status, body, headers } = await probe.call('GET', path);
      expect([path, status, body]).toEqual([path, 200, { status: 'healthy', timestamp: ISO }]);
      expect(headers.get('cache-control')).toBe('no-store');
    }
    expect((await probe.call('GET', '/api/v2/public/health')).body).toEqual({
      status: 'healthy',
      timestamp: ISO,
      version: 'v2',
      service: 'OmniStack API',
      uptime_seconds: expect.any(Number),
    });
  });

  it('says which parts work, flat in v2 with version, latency and clock offset', async () => {
    for (const path of ['/api/v1/public/health/ready', '/health/ready']) {
      const { status, body } = await probe.call('GET', path);
      expect([path, status]).toEqual([path, 200]);
      expect(body).toEqual({
        status: 'healthy',
        timestamp: ISO,
        components: {
          database: { status: 'healthy', clock_offset_ms: expect.any(Number) },
          redis: { status: 'not_configured' },
        },
      });
    }
    const { body } = await probe.call('GET', '/api/v2/public/health/ready');
    expect(body).toEqual({
      status: 'healthy',
      timestamp: ISO,
      version: 'v2',
      service: 'OmniStack API',
      environment: 'local',
      uptime_seconds: expect.any(Number),
      components: {
        database: {
          status: 'healthy',
          latency_ms: expect.any(Number),
          version: expect.stringMatching(product),
          error: null,
          clock_offset_ms: expect.any(Number),
        },
        redis: { status: 'not_configured', latency_ms: null, version: null, error: null, clock_offset_ms: null },
      },
    });
    expect(Math.abs(body.components.database.clock_offset_ms)).toBeLessThan(1_000);
  });

  it('neither limits, logs nor counts probes', async () => {
    const before = probe.log.length;
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => (await probe.call('GET', '/health/ready')).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(probe.log.slice(before).filter((line) => line.includes('/health'))).toEqual([]);
    const { text } = await probe.call('GET', '/api/v1/public/metrics', {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(text).not.toContain('/health');
  });

  it('shows metrics to the bearer of the token only', async () => {
    expect((await probe.call('GET', '/api/v1/public/metrics')).status).toBe(401);
    const wrong = await probe.call('GET', '/api/v1/public/metrics', { headers: { authorization: 'Bearer wrong' } });
    expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="metrics"']);

    await probe.call('GET', '/api/v1/app/notes', { as: 'ann' });
    await probe.call('GET', `/nowhere/${Math.random()}`);
    const { status, text, headers } = await probe.call('GET', '/api/v1/public/metrics', {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
    // One registry for the process: the suite before this one has counted too.
    expect(text).toMatch(
      /http_requests_total\{method="GET",endpoint="\/api\/v1\/app\/notes",status_code="200"\} [1-9]/,
    );
    expect(text).toMatch(/http_requests_total\{method="GET",endpoint="unmatched",status_code="404"\} [1-9]/);
    for (const series of [
      'db_queries_total{operation="SELECT",table="notes"}',
      'db_pool_connections{state="overflow"} 0',
      'redis_connections 0',
      'app_info{name="OmniStack API",environment="local",version="',
    ]) {
      expect(text).toContain(series);
    }
    expect(text).not.toContain('/nowhere');
  });

  it('says to the bearer of the token that metrics are kept', async () => {
    const path = '/api/v1/public/metrics/health';
    expect((await probe.call('GET', path)).status).toBe(401);
    expect((await probe.call('GET', path, { headers: { authorization: `Bearer ${TOKEN}` } })).body).toEqual({
      status: 'healthy',
      prometheus_available: true,
      environment: 'local',
    });
  });

  it('shows and reports a clock that is ten minutes off', async () => {
    const clock = probe.app.get(Clock);
    const now = jest.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + 600_000));
    await new Promise((resolve) => setTimeout(resolve, 1_010));
    const { status, body } = await probe.call('GET', '/api/v2/public/health/ready');
    now.mockRestore();
    expect([status, body.status, body.components.database.status]).toEqual([200, 'degraded', 'degraded']);
    expect(body.components.database.clock_offset_ms).toBeGreaterThan(590_000);
    expect(probe.log.join('')).toContain('check NTP');
  });

  it('is not ready without its database, says no more than that, and lives on', async () => {
    const checks = probe.app.get(HealthChecks);
    checks.register('database', () => Promise.reject(new Error('password authentication failed for user "omni"')), {
      critical: true,
    });
    await new Promise((resolve) => setTimeout(resolve, 1_010));
    const { status, body, text } = await probe.call('GET', '/api/v1/public/health/ready');
    expect([status, body.status, body.components.database]).toEqual([
      503,
      'unhealthy',
      { status: 'unhealthy', error: 'not reachable' },
    ]);
    expect(text).not.toContain('omni"');
    expect((await probe.call('GET', '/health/live')).status).toBe(200);
  });

  it('is not ready while it drains', async () => {
    probe.app.get(Lifecycle).beginDrain();
    for (const path of ['/health/ready', '/api/v1/public/health/ready', '/api/v2/public/health/ready']) {
      expect([path, (await probe.call('GET', path)).status]).toEqual([path, 503]);
    }
    expect((await probe.call('GET', '/health/live')).status).toBe(200);
  });
});

describeWithRedis('health with Redis', (url) => {
  describeEachDatabase('beside a database', (database) => {
    it('is healthy with it and degraded without', async () => {
      const gate = await TcpGate.before(url);
      const probe = await startProbe({ ...database.environment(), REDIS_URL: gate.url, REDIS_PREFIX: 'omni_health' });
      try {
        const up = await probe.call('GET', '/api/v2/public/health/ready');
        expect(up.body.components.redis).toMatchObject({ version: expect.stringMatching(/^Redis \d/), error: null });
        const { text } = await probe.call('GET', '/api/v1/public/metrics');
        expect(text).toMatch(/redis_connections [1-9]/);

        gate.set('refuse');
        await new Promise((resolve) => setTimeout(resolve, 1_200));
        const down = await probe.call('GET', '/api/v1/public/health/ready');
        expect([down.status, down.body.status, down.body.components.redis]).toEqual([
          200,
          'degraded',
          { status: 'unhealthy', error: 'not reachable' },
        ]);
      } finally {
        await probe.close();
        await gate.close();
      }
    });
  });
});

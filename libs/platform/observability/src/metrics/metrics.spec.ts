import { endpointLabel, isUnlogged, isUnmetered } from './endpoint-label';
import { Metrics } from './metrics';

async function value(metrics: Metrics, series: string): Promise<number | undefined> {
  const { body } = await metrics.scrape();
  const line = body.split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('Metrics', () => {
  it('counts a request under its template', async () => {
    const metrics = new Metrics();
    const meter = metrics.http('GET', '/api/v1/app/projects/:id');
    meter.started();
    expect(await value(metrics, 'http_requests_in_progress{method="GET",endpoint="/api/v1/app/projects/{id}"}')).toBe(
      1,
    );
    meter.finished(200, 0.02);
    const labels = 'method="GET",endpoint="/api/v1/app/projects/{id}"';
    expect(await value(metrics, `http_requests_total{${labels},status_code="200"}`)).toBe(1);
    expect(await value(metrics, `http_requests_in_progress{${labels}}`)).toBe(0);
    expect(await value(metrics, `http_request_duration_seconds_bucket{le="0.025",${labels}}`)).toBe(1);
    expect(await value(metrics, `http_request_duration_seconds_bucket{le="0.01",${labels}}`)).toBe(0);
  });

  it('gives every unknown address the same label', async () => {
    const metrics = new Metrics();
    for (const template of [undefined, undefined]) metrics.http('GET', template).finished(404, 0.001);
    expect(await value(metrics, 'http_requests_total{method="GET",endpoint="unmatched",status_code="404"}')).toBe(2);
  });

  it('does not count probes', async () => {
    const metrics = new Metrics();
    const meter = metrics.http('GET', '/api/v1/public/health/ready');
    meter.started();
    meter.finished(200, 0.1);
    expect((await metrics.scrape()).body).not.toContain('health/ready');
  });

  it('shares its series with a second instance, and collides with no default collector', async () => {
    new Metrics().authEvent('login', 'local');
    const second = new Metrics();
    second.authEvent('login', 'local');
    expect(await value(second, 'auth_events_total{event="login",provider="local"}')).toBe(2);
    const { body } = await second.scrape();
    for (const name of ['process_cpu_seconds_total', 'process_open_fds', 'nodejs_eventloop_lag_seconds']) {
      expect(body.split(`# TYPE ${name} `)).toHaveLength(2);
    }
  });

  it('shows a value for each family that has a source', async () => {
    const metrics = new Metrics();
    metrics.describe({ name: 'OmniStack API', environment: 'local', version: '1.2.3' });
    metrics.databaseQuery('SELECT', 'projects', 0.002);
    metrics.databaseFailed('40001');
    metrics.databasePool({ idle: 0, active: 2, overflow: 0 });
    metrics.cacheHit('memory');
    metrics.cacheMiss('memory');
    metrics.redisConnections(0);
    metrics.jobEnqueued('mail.send');
    metrics.jobStarted('mail.send');
    metrics.jobEnded('mail.send', 'completed', 0.3);
    metrics.jobsWaiting('default', 0);
    metrics.authFailure('invalid_token');
    metrics.token('issued');
    metrics.rateLimitHit('/api/v1/public/auth/login', 'ip');
    metrics.sockets(1, 1);
    metrics.socketMessage('received', 'ping');
    metrics.http('POST', '/api/v1/app/projects').finished(201, 0.01);

    const { body, contentType } = await metrics.scrape();

    expect(contentType).toContain('text/plain');
    const silent = metricNames(body).filter(
      (name) => !new RegExp(`^${name}(_bucket|_sum|_count)?[{ ]`, 'm').test(body),
    );
    expect(silent).toEqual([]);
    expect(body).toContain('db_pool_connections{state="idle"} 0');
    expect(body).toContain('app_info{name="OmniStack API",environment="local",version="1.2.3"} 1');
  });

  it('keeps scraping when a sampler fails', async () => {
    const metrics = new Metrics();
    metrics.beforeScrape(() => Promise.reject(new Error('away')));
    metrics.beforeScrape(() => {
      throw new Error('at once');
    });
    expect((await metrics.scrape()).body).toContain('app_uptime_seconds');
  });
});

function metricNames(body: string): string[] {
  return [...body.matchAll(/^# TYPE (\S+) /gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => !name.startsWith('nodejs_'));
}

describe('endpointLabel', () => {
  it.each([
    ['/api/v1/app/projects/:id', '/api/v1/app/projects/{id}'],
    ['/a/0192f0a0-1111-7222-8333-123456789abc/b/42', '/a/{id}/b/{id}'],
    ['/a/b2', '/a/b2'],
    [undefined, 'unmatched'],
  ])('%s becomes %s', (template, label) => {
    expect(endpointLabel(template)).toBe(label);
  });

  it('knows what is neither counted nor logged', () => {
    const probes = ['/health/live', '/health/ready', '/health', '/api/v1/public/health', '/api/v2/public/health/ready'];
    expect(probes.every((path) => isUnlogged(path) && isUnmetered(path))).toBe(true);
    const documents = [
      '/docs',
      '/docs/swagger.js',
      '/redoc',
      '/api/v1/openapi.json',
      '/api/v1/public/metrics',
      '/favicon.ico',
    ];
    expect(documents.every((path) => isUnmetered(path) && !isUnlogged(path))).toBe(true);
    expect(['/api/v1/app/projects', '/healthy', '/api/v1/public/contact'].some(isUnmetered)).toBe(false);
  });
});

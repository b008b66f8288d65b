import { type CoreConfig } from '@platform/config';
import {
  type HealthChecks,
  type HealthReport,
  Lifecycle,
  Metrics,
  type ObservabilityConfig,
} from '@platform/observability';
import { Operations } from './operations';

const TOKEN = 'a-token-for-the-operator';
const BEARER = `Bearer ${TOKEN}`;
const COMPONENTS: HealthReport['components'] = {
  database: { status: 'healthy', latencyMs: 1, version: 'PostgreSQL 18', error: null, clockOffsetMs: 0 },
};

function operations(production: boolean, status: HealthReport['status'] = 'healthy', lifecycle = new Lifecycle()) {
  // Only these parts of the settings and of the checks are read.
  const core = { isProduction: production } as CoreConfig;
  const observability = { metricsToken: TOKEN } as ObservabilityConfig;
  const health = { report: async () => ({ status, components: COMPONENTS }) } as unknown as HealthChecks;
  return new Operations(core, observability, lifecycle, health, new Metrics());
}

async function readiness(of: Operations, authorization?: string): Promise<[status: number, body: object]> {
  const { status, body } = await of.answer('/health/ready', authorization);
  return [status, JSON.parse(body) as object];
}

describe('the readiness of a worker', () => {
  it.each([
    ['healthy', 200, 'healthy'],
    ['degraded', 200, 'healthy'],
    ['unhealthy', 503, 'unhealthy'],
  ] as const)('is in production up or down: %s is %d', async (status, code, told) => {
    const worker = operations(true, status);
    for (const authorization of [undefined, 'Bearer another-token-entirely', 'Bearer']) {
      expect(await readiness(worker, authorization)).toEqual([code, { status: told }]);
    }
    expect(await readiness(worker, BEARER)).toEqual([code, { status, components: COMPONENTS }]);
  });

  it('is down while it drains', async () => {
    const lifecycle = new Lifecycle();
    lifecycle.beginDrain();
    expect(await readiness(operations(true, 'healthy', lifecycle))).toEqual([503, { status: 'unhealthy' }]);
    expect(await readiness(operations(false, 'healthy', lifecycle))).toMatchObject([503, { status: 'draining' }]);
  });

  it('tells all of it outside production, and the metrics to the bearer alone', async () => {
    const worker = operations(false, 'degraded');
    expect(await readiness(worker)).toEqual([200, { status: 'degraded', components: COMPONENTS }]);
    expect((await worker.answer('/metrics', undefined)).status).toBe(401);
    expect((await worker.answer('/metrics', BEARER)).status).toBe(200);
  });
});

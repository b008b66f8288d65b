import { setTimeout as sleep } from 'node:timers/promises';
import { HealthCheckService, HealthIndicatorService, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import { BootRefused } from '@platform/kernel';
import { configureLogging } from '../log';
import { HealthChecks } from './health-checks';

async function healthChecks(): Promise<HealthChecks> {
  const module = await Test.createTestingModule({ imports: [TerminusModule.forRoot({ logger: false })] }).compile();
  return new HealthChecks(module.get(HealthIndicatorService), module.get(HealthCheckService));
}

function captureLog(): string[] {
  const lines: string[] = [];
  configureLogging({
    level: 'INFO',
    format: 'json',
    service: 's',
    environment: 'production',
    destination: { write: (text) => void lines.push(text) },
  });
  return lines;
}

describe('HealthChecks', () => {
  let lines: string[];
  beforeEach(() => (lines = captureLog()));

  it('is healthy when every part answers, and shows version and time', async () => {
    const checks = await healthChecks();
    checks.register('database', async () => ({ version: 'PostgreSQL 18.1', clockOffsetMs: 3 }), { critical: true });
    checks.register('redis', async () => ({ configured: false }), { critical: false });
    const report = await checks.report();
    expect(report.status).toBe('healthy');
    expect(report.components.database).toMatchObject({
      status: 'healthy',
      version: 'PostgreSQL 18.1',
      error: null,
      clockOffsetMs: 3,
    });
    expect(report.components.database?.latencyMs).toBeGreaterThanOrEqual(0);
    expect(report.components.redis).toMatchObject({ status: 'not_configured', latencyMs: null, version: null });
  });

  it('is unhealthy when a critical part fails, and keeps the reason to the log', async () => {
    const checks = await healthChecks();
    checks.register('database', () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.5:5432')), {
      critical: true,
    });
    const report = await checks.report();
    expect(report.status).toBe('unhealthy');
    expect(report.components.database).toMatchObject({ status: 'unhealthy', error: 'not reachable' });
    expect(JSON.stringify(report)).not.toContain('10.0.0.5');
    expect(lines.join()).toContain('10.0.0.5');
  });

  it('says what the operator has to do where nothing else helps', async () => {
    const checks = await healthChecks();
    const refusal = new BootRefused(['Name the primary in DATABASE_URL: this server is a standby']);
    checks.register('database', () => Promise.reject(refusal), { critical: true });
    const { error } = (await checks.report()).components.database ?? {};
    expect(error).toBe('Name the primary in DATABASE_URL: this server is a standby');
    expect(lines.join()).toContain('database: Name the primary');
  });

  it('is degraded when another part fails or is impaired', async () => {
    const checks = await healthChecks();
    checks.register('database', async () => undefined, { critical: true });
    checks.register('redis', () => Promise.reject(new Error('away')), { critical: false });
    expect((await checks.report()).status).toBe('degraded');

    const impaired = await healthChecks();
    impaired.register('redis', async () => ({ impaired: 'maxmemory-policy is allkeys-lru' }), { critical: false });
    const report = await impaired.report();
    expect(report).toMatchObject({ status: 'degraded', components: { redis: { status: 'degraded', error: null } } });
    expect(lines.join()).toContain('allkeys-lru');
  });

  it('cuts a check off after half a second', async () => {
    const checks = await healthChecks();
    checks.register('database', () => new Promise(() => undefined), { critical: true });
    const started = performance.now();
    const report = await checks.report();
    expect(performance.now() - started).toBeLessThan(900);
    expect(report.components.database).toMatchObject({ status: 'unhealthy', error: 'no answer within 500 ms' });
  });

  it('asks once for a hundred probes and once more a second later', async () => {
    const checks = await healthChecks();
    let asked = 0;
    checks.register(
      'database',
      async () => {
        asked++;
        await sleep(20);
      },
      { critical: true },
    );
    await Promise.all(Array.from({ length: 100 }, () => checks.report()));
    await checks.report();
    expect(asked).toBe(1);
    await sleep(1_010);
    await checks.report();
    expect(asked).toBe(2);
  });

  it('answers a probe with what it knew when a check becomes slow', async () => {
    const checks = await healthChecks();
    let slow = false;
    checks.register(
      'database',
      async () => {
        if (slow) await sleep(450);
      },
      { critical: true },
    );
    await checks.report();
    slow = true;
    await sleep(1_010);
    const started = performance.now();
    await checks.report();
    expect(performance.now() - started).toBeLessThan(300);
  });

  it('writes one line when a part falls and one when it rises', async () => {
    const checks = await healthChecks();
    let up = false;
    checks.register(
      'redis',
      async () => {
        if (!up) throw new Error('away');
      },
      { critical: false },
    );
    await checks.report();
    await sleep(1_010);
    await checks.report();
    up = true;
    await sleep(1_010);
    await checks.report();
    expect(lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
      'redis: not reachable',
      'redis is well again',
    ]);
  });
});

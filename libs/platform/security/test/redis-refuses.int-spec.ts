import { Test, type TestingModule } from '@nestjs/testing';
import { RedisConnections } from '@platform/cache';
import { ConfigModule } from '@platform/config';
import { DatabaseModule } from '@platform/database';
import { Clock } from '@platform/kernel';
import { HealthChecks, NestLog, ObservabilityModule } from '@platform/observability';
import { SecurityModule, SlidingWindowStorage } from '@platform/security';
import { eventually } from '../../../../test/support/app-process';
import { describeWithOwnRedis } from '../../../../test/support/own-redis';

const MODULES = [DatabaseModule, ObservabilityModule, SecurityModule];

/** Ahead by as much as a test says. */
class LateClock extends Clock {
  ahead = 0;
  now(): Date {
    return new Date(Date.now() + this.ahead);
  }
}

describeWithOwnRedis('a process whose Redis refuses to count', (redis) => {
  let clock: LateClock;
  let app: TestingModule;
  beforeEach(() => (clock = new LateClock()));
  afterEach(() => app.close());

  async function start(url: string): Promise<void> {
    const settings = {
      DATABASE_URL: 'sqlite::memory:',
      SECRET_KEY: 'k'.repeat(32),
      LOG_LEVEL: 'fatal',
      REDIS_URL: url,
    };
    const module = Test.createTestingModule({ imports: [ConfigModule.load(MODULES, settings), ...MODULES] });
    app = await module.overrideProvider(Clock).useValue(clock).setLogger(new NestLog()).compile();
    await app.init();
  }

  const impairment = () =>
    eventually('Redis is found to refuse', async () => app.get(RedisConnections, { strict: false }).impairment);

  it.each([
    ['keys', ['&*', '+@all'], /refuses the keys omnistack:\*/],
    ['scripts', ['~*', '&*', '+@all', '-@scripting'], /refuses the commands @scripting/],
    ['what a script does', ['~*', '&*', '+@all', '-hincrby'], /hincrby|a command that a script runs/],
  ])('for want of %s is degraded before anybody calls, and limits by itself', async (what, rights, line) => {
    const user = what.replaceAll(' ', '-');
    await redis().allow(user, '>pw', ...rights);
    await start(redis().url(`${user}:pw`));

    expect(await impairment()).toMatch(line);
    const report = await app.get(HealthChecks).report();
    expect([report.status, report.components.redis?.status]).toEqual(['degraded', 'degraded']);
    const storage = app.get(SlidingWindowStorage);
    const counts = [await storage.take('p', 'one', 1, 60_000), await storage.take('p', 'one', 1, 60_000)];
    expect(counts.map(({ allowed }) => allowed)).toEqual([true, false]);
  });

  it('because it is a replica names the primary, and counts there again after a failover', async () => {
    await redis().operator.call('REPLICAOF', '127.0.0.1', '1');
    await start(redis().url());
    expect(await impairment()).toBe('REDIS_URL names a read-only replica: name its primary');
    const connections = await redis().count('total_connections_received');
    clock.ahead += 3_000;
    await app.get(SlidingWindowStorage).take('p', 'two', 1, 60_000);
    // The name may lead to another server by now.
    const more = async () => (await redis().count('total_connections_received')) > connections;
    await eventually('a new connection is made', more);

    await redis().operator.call('REPLICAOF', 'NO', 'ONE');
    await eventually('Redis counts again', async () => {
      clock.ahead += 3_000;
      await app.get(SlidingWindowStorage).take('p', 'two', 1, 60_000);
      return app.get(RedisConnections, { strict: false }).impairment === undefined;
    });
  });

  it('is healthy where the user has its own names and no more commands than the guide gives', async () => {
    const rights = ['~omnistack:*', '&omnistack:*', '+@all', '-@admin', '-@dangerous', '+info'];
    await redis().allow('modest', '>pw', ...rights);
    await start(redis().url('modest:pw'));
    await app.get(SlidingWindowStorage).take('p', 'three', 1, 60_000);

    expect((await app.get(HealthChecks).report()).status).toBe('healthy');
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { HealthChecks } from '@platform/observability';
import { Jobs } from '@platform/queue';
import { describeOnPostgres } from '../../../../test/support/databases';
import { OwnRedis, describeWithOwnRedis } from '../../../../test/support/own-redis';
import { eventually, quick, TrialProcess, Try } from './trial';

jest.setTimeout(60_000);

describeOnPostgres('Jobs', (database) => {
  describeWithOwnRedis('whose Redis refuses', (redis) => {
    let worker: TrialProcess | undefined;
    afterEach(() => worker?.app.close());

    async function start(
      url: string,
      namespace: Record<string, string> = quick('bullmq-redis'),
    ): Promise<TrialProcess> {
      worker = await TrialProcess.boot({ ...database.environment(), ...namespace, REDIS_URL: url, LOG_LEVEL: 'fatal' });
      worker.runtime.start();
      return worker;
    }

    const jobsHealth = async (process: TrialProcess) =>
      (await process.get(HealthChecks).report()).components.jobs?.status;

    async function errorsInASecond(server: OwnRedis): Promise<number> {
      const before = await server.count('total_error_replies');
      await sleep(1_000);
      return (await server.count('total_error_replies')) - before;
    }

    it('keys wait, do not storm, show in readiness, and run once the right is granted', async () => {
      const settings = quick('bullmq-redis');
      await redis().allow('keyless', '>pw', '&*', '+@all');
      const process = await start(redis().url('keyless:pw'), settings);
      const id = await process.get(Jobs).enqueue(Try, { label: 'granted late' });
      await eventually(async () => expect(await jobsHealth(process)).toBe('unhealthy'));

      // BullMQ asks some 30,000 times a second of its own accord.
      expect(await errorsInASecond(redis())).toBeLessThan(100);
      await redis().allow('keyless', `~${settings.JOBS_NAMESPACE}:*`);
      await process.until(id, 'done');
      await eventually(async () => expect(await jobsHealth(process)).toBe('healthy'));
      expect(await process.effects('granted late')).toBe(1);
    });

    it('writes, being a replica, wait without a storm', async () => {
      await redis().operator.call('REPLICAOF', '127.0.0.1', '1');
      const process = await start(redis().url());
      const id = await process.get(Jobs).enqueue(Try, { label: 'failover' });
      await eventually(async () => expect(await jobsHealth(process)).toBe('unhealthy'));
      expect(await errorsInASecond(redis())).toBeLessThan(100);

      await redis().operator.call('REPLICAOF', 'NO', 'ONE');
      await process.until(id, 'done');
    });

    it.each([
      ['the password', () => redis().url('known:wrong')],
      ['the database', () => redis().url('known:pw', 99)],
    ])('%s wait, and touch nothing', async (_what, url) => {
      await redis().allow('known', '>pw', '~*', '&*', '+@all');
      await redis().operator.flushall();
      const process = await start(url());
      await process.get(Jobs).enqueue(Try, { label: 'nowhere' });
      await eventually(async () => expect(await jobsHealth(process)).toBe('unhealthy'));

      // Each connection asks for several things before it knows, and one that is closed may ask once more.
      await sleep(500);
      expect(await errorsInASecond(redis())).toBeLessThan(10);
      expect(await redis().operator.dbsize()).toBe(0);
    });
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { HealthChecks } from '@platform/observability';
import { Jobs } from '@platform/queue';
import { describeOnPostgres } from '../../../../test/support/databases';
import { redisUrl } from '../../../../test/support/services';
import { TcpGate } from '../../../../test/support/tcp-gate';
import { forgetKeys, quick, TrialProcess, Try } from './trial';

jest.setTimeout(60_000);

describeOnPostgres('Jobs while Redis is away', (database) => {
  (redisUrl() ? describe : describe.skip)('[needs Redis: TEST_REDIS_URL]', () => {
    let gate: TcpGate;
    let worker: TrialProcess;
    const settings = quick('bullmq-redis');

    beforeAll(async () => {
      gate = await TcpGate.before(redisUrl() ?? '');
      gate.set('refuse');
      worker = await TrialProcess.boot({ ...database.environment(), ...settings, REDIS_URL: gate.url });
      worker.runtime.start();
    });
    afterAll(async () => {
      gate.set('pass');
      await worker.app.close();
      await gate.close();
      await forgetKeys(settings.JOBS_NAMESPACE ?? '');
    });

    async function enqueue(label: string): Promise<string | null> {
      const started = performance.now();
      const id = await worker.get(Jobs).enqueue(Try, { label });
      expect(performance.now() - started).toBeLessThan(1_000);
      return id;
    }

    it('boots without it, takes jobs, and runs them once it is there', async () => {
      const id = await enqueue('before Redis');
      await sleep(1_500);
      expect((await worker.find(id)).state).toBe('pending');
      expect((await worker.get(HealthChecks).report()).components.jobs).toMatchObject({ error: 'not reachable' });
      gate.set('pass');
      await worker.until(id, 'done');
      await sleep(1_000);
      expect((await worker.get(HealthChecks).report()).components.jobs).toMatchObject({ status: 'healthy' });
      expect(await worker.effects('before Redis')).toBe(1);
    });

    it.each(['refuse', 'freeze'] as const)('goes on after it was away (%s), each job once', async (mode) => {
      gate.set(mode);
      const ids = [];
      for (let n = 0; n < 20; n++) ids.push(await enqueue(`away: ${mode}`));
      await sleep(2_500);
      gate.set('pass');
      for (const id of ids) await worker.until(id, 'done');
      expect(await worker.effects(`away: ${mode}`)).toBe(20);
    });

    it('stops in time while it is away', async () => {
      gate.set('freeze');
      const started = performance.now();
      await worker.runtime.stop();
      expect(performance.now() - started).toBeLessThan(6_000);
      gate.set('pass');
    });
  });
});

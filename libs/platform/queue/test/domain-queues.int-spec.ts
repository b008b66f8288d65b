import { BullModule, InjectQueue, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable, Module } from '@nestjs/common';
import { Jobs } from '@platform/queue';
import { type Job, type Queue } from 'bullmq';
import { describeOnPostgres } from '../../../../test/support/databases';
import { redisUrl } from '../../../../test/support/services';
import { TcpGate } from '../../../../test/support/tcp-gate';
import { eventually, forgetKeys, quick, TrialProcess, Try } from './trial';

jest.setTimeout(60_000);

/** Letters that were sent, by every process of this file. */
const sent: string[] = [];

@Injectable()
class Letters {
  constructor(@InjectQueue('letters') readonly queue: Queue) {}
}

@Processor('letters')
class Postman extends WorkerHost {
  async process(job: Job<{ to: string }>): Promise<void> {
    sent.push(job.data.to);
  }
}

/** As Nest's own documents have it. */
@Module({ imports: [BullModule.registerQueue({ name: 'letters' })], providers: [Letters] })
class LettersModule {}

@Module({ imports: [LettersModule], providers: [Postman] })
class LettersWorkerModule {}

const onRedis = (): Record<string, string> => ({ ...quick('bullmq-redis'), REDIS_URL: redisUrl() ?? '' });
const describeWithRedis = redisUrl() ? describe : describe.skip;

describeOnPostgres("@InjectQueue, @Processor: a domain's own queue of BullModule", (database) => {
  const opened: TrialProcess[] = [];
  database.beforeDrop(async () => {
    for (const trial of opened) await trial.app.close();
  });

  async function boot(settings: Record<string, string>, more: Parameters<typeof TrialProcess.boot>[1] = {}) {
    const trial = await TrialProcess.boot({ ...database.environment(), ...settings }, more);
    opened.push(trial);
    return trial;
  }

  async function sends(trial: TrialProcess, to: string): Promise<void> {
    const { queue } = trial.get(Letters);
    await queue.add('send', { to });
    await eventually(async () => expect(sent.filter((name) => name === to)).toHaveLength(1));
  }

  async function works(settings: Record<string, string>, to: string): Promise<TrialProcess> {
    const trial = await boot(settings, { more: [LettersWorkerModule] });
    await trial.get(Letters).queue.add('send', { to: `${to}, early` });
    expect(sent).not.toContain(`${to}, early`);
    trial.runtime.start();
    await eventually(async () => expect(sent).toContain(`${to}, early`));
    await sends(trial, to);
    await trial.until(await trial.get(Jobs).enqueue(Try, { label: to }), 'done');
    return trial;
  }

  it('works on PostgreSQL beside ours, from the start of the worker on', async () => {
    await works(quick('bullmq-postgres'), 'Ada');
  });

  it('takes nothing while the worker is stopped, and goes on with it', async () => {
    const trial = await works(quick('bullmq-postgres'), 'Grace');
    await trial.runtime.stop();
    await trial.get(Letters).queue.add('send', { to: 'Grace, later' });
    trial.runtime.start();
    await eventually(async () => expect(sent).toContain('Grace, later'));
  });

  describeWithRedis('[needs Redis: TEST_REDIS_URL]', () => {
    it('works on Redis beside ours, while another application of this process works on PostgreSQL', async () => {
      const settings = onRedis();
      const there = await works(quick('bullmq-postgres'), 'Barbara');
      const here = await works(settings, 'Katherine');
      await sends(there, 'Barbara again');
      await sends(here, 'Katherine again');
      await forgetKeys(settings.JOBS_NAMESPACE ?? '');
    });

    it('is refused where Redis is away, in a second, and closes in time', async () => {
      const gate = await TcpGate.before(redisUrl() ?? '');
      gate.set('refuse');
      const settings: Record<string, string> = { ...onRedis(), REDIS_URL: gate.url };
      const trial = await boot(settings, { more: [LettersWorkerModule] });
      trial.runtime.start();
      const started = performance.now();
      await expect(trial.get(Letters).queue.add('send', { to: 'nobody' })).rejects.toThrow('No answer within 1000 ms');
      expect(performance.now() - started).toBeLessThan(1_500);

      gate.set('pass');
      await eventually(() => sends(trial, 'Hedy'));
      gate.set('freeze');
      const closing = performance.now();
      opened.pop();
      await trial.app.close();
      expect(performance.now() - closing).toBeLessThan(8_000);
      gate.set('pass');
      await gate.close();
      await forgetKeys(settings.JOBS_NAMESPACE ?? '');
    });
  });

  it('may be asked from a process that does no work', async () => {
    const settings = quick('bullmq-postgres');
    const asking = await boot(settings, { works: false, more: [LettersModule] });
    await asking.get(Letters).queue.add('send', { to: 'Joan' });
    const working = await boot(settings, { more: [LettersWorkerModule] });
    working.runtime.start();
    await eventually(async () => expect(sent).toContain('Joan'));
  });
});

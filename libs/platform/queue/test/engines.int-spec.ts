import { setTimeout as sleep } from 'node:timers/promises';
import { Database, statement } from '@platform/database';
import { runInContext } from '@platform/kernel';
import { Events, JobLedger, Jobs } from '@platform/queue';
import { describeEachDatabase, type TestDatabase } from '../../../../test/support/databases';
import { redisUrl } from '../../../../test/support/services';
import { JobRepository } from '../src/ledger/job.repository';
import { eventually, forgetKeys, Happened, Hurry, quick, seen, TrialProcess, Try } from './trial';

jest.setTimeout(60_000);

const STATES = statement('test.states', 'SELECT state, attempts, crashes FROM jobs WHERE name = :name');

describeEachDatabase('Jobs', (database) => {
  trial('embedded', database);
  if (database.dialect === 'sqlite') return;
  trial('bullmq-postgres', database);
  trial('bullmq-redis', database, { REDIS_URL: redisUrl() ?? '' });
});

function trial(engine: string, database: TestDatabase, more: Record<string, string> = {}): void {
  const missing = engine === 'bullmq-redis' && !redisUrl();
  (missing ? describe.skip : describe)(
    `on ${engine}${missing ? ' [needs Redis: TEST_REDIS_URL is not set]' : ''}`,
    () => {
      const environment = () => ({ ...database.environment(), ...settings, ...more });
      const settings = quick(engine);
      let here: TrialProcess;
      let jobs: Jobs;

      beforeAll(async () => {
        here = await TrialProcess.boot(environment());
        jobs = here.get(Jobs);
        await here.forget();
      });
      beforeEach(() => here.runtime.start());
      afterEach(() => here.runtime.stop());
      afterAll(async () => {
        await here.app.close();
        if (engine === 'bullmq-redis') await forgetKeys(settings.JOBS_NAMESPACE ?? '');
      });

      it('runs a job once and keeps its result', async () => {
        const id = await jobs.enqueue(Try, { label: 'once' });
        const job = await here.until(id, 'done');
        expect(job).toMatchObject({ attempts: 1, crashes: 0, result: { tried: 'once' }, lastError: null });
        expect(await here.effects('once')).toBe(1);
      });

      it('never runs what was enqueued in a transaction that rolls back', async () => {
        const lost = here.database.transaction(async () => {
          await jobs.enqueue(Try, { label: 'rolled back' });
          await here.get(Events).publish(new Happened({ label: 'rolled back' }));
          throw new Error('no');
        });
        await expect(lost).rejects.toThrow('no');
        await here.until(await jobs.enqueue(Try, { label: 'after the rollback' }), 'done');
        expect(await here.effects('rolled back')).toBe(0);
        expect(await here.effects('first:rolled back')).toBe(0);
      });

      it('begins within moments of the commit', async () => {
        await eventually(async () => expect((await here.get(JobLedger).counts()).pending).toBe(0));
        const started = performance.now();
        const id = await jobs.enqueue(Try, { label: 'soon' });
        await eventually(async () => expect(seen.some(({ label }) => label === 'soon')).toBe(true));
        expect(performance.now() - started).toBeLessThan(1_000);
        await here.until(id, 'done');
      });

      it('folds jobs of one key into one, also after it is done', async () => {
        const first = await jobs.enqueue(Try, { label: 'folded' }, { key: 'k1' });
        expect(await jobs.enqueue(Try, { label: 'folded' }, { key: 'k1' })).toBeNull();
        await here.until(first, 'done');
        expect(await jobs.enqueue(Try, { label: 'folded' }, { key: 'k1' })).toBeNull();
        expect(await here.effects('folded')).toBe(1);
      });

      it('runs a delayed job not before its time', async () => {
        const enqueued = performance.now();
        const id = await jobs.enqueue(Try, { label: 'delayed' }, { delayMs: 700 });
        await sleep(350);
        expect((await here.find(id)).state).toBe('pending');
        await here.until(id, 'done');
        expect(performance.now() - enqueued).toBeGreaterThanOrEqual(690);
      });

      it('tries a failed job again, without the effects of the attempts that failed', async () => {
        const id = await jobs.enqueue(Try, { label: 'third time lucky', failures: 2 });
        expect(await here.until(id, 'done')).toMatchObject({ attempts: 3 });
        expect(await here.effects('third time lucky')).toBe(1);
      });

      it('buries a job after its last attempt and runs it again when it is redriven', async () => {
        const id = await jobs.enqueue(Try, { label: 'hopeless', failures: 3 });
        expect(await here.until(id, 'dead')).toMatchObject({
          attempts: 3,
          lastError: 'Error: attempt 3 password=[redacted]',
        });
        expect(await here.effects('hopeless')).toBe(0);
        await here.get(JobLedger).redrive(id ?? '');
        await eventually(async () => expect(seen.filter(({ label }) => label === 'hopeless')).toHaveLength(6));
        await here.until(id, 'dead');
      });

      it('buries a job at once when its error is permanent', async () => {
        const id = await jobs.enqueue(Try, { label: 'never', permanent: true });
        expect(await here.until(id, 'dead')).toMatchObject({ attempts: 1, lastError: 'PermanentError: never' });
        expect(await here.effects('never')).toBe(0);
      });

      it('cuts off an attempt that takes too long and rolls its writes back', async () => {
        const id = await jobs.enqueue(Hurry, { label: 'slow', after: 600 });
        const job = await here.until(id, 'dead');
        expect(job.lastError).toBe("JobTimedOut: 'trial.hurry' took longer than 150 ms");
        await sleep(700);
        expect(await here.effects('slow')).toBe(0);
      });

      it('gives an event to each listener once, and repeats the one that stumbles alone', async () => {
        await here.database.transaction(() => here.get(Events).publish(new Happened({ label: 'heard' })));
        await eventually(async () => expect(await here.effects('second:heard')).toBe(1));
        await sleep(200);
        expect(await here.effects('first:heard')).toBe(1);
        expect(await here.effects('second:heard')).toBe(1);
      });

      it('lets request id, trace and the one who asked travel with the job', async () => {
        const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
        const actor = { kind: 'user' as const, id: 'u-1', role: 'admin', permissions: new Set(['*']) };
        const context = { requestId: 'request-7', actor, traceparent };
        const id = await runInContext(context, () => jobs.enqueue(Try, { label: 'travels' }));
        await here.until(id, 'done');
        const run = seen.find(({ label }) => label === 'travels');
        expect(run?.run).toMatchObject({ id, attempt: 1, enqueuedBy: { kind: 'user', id: 'u-1', role: 'admin' } });
        expect(run?.context).toMatchObject({
          requestId: 'request-7',
          traceparent,
          actor: { kind: 'system', id: 'job:trial.try' },
          onBehalfOf: { id: 'u-1' },
        });
      });

      it('takes over what a killed worker had in its hands', async () => {
        await here.runtime.stop();
        const id = await jobs.enqueue(Try, { label: 'orphan' });
        // What a SIGKILL leaves behind: a lease that nobody renews.
        expect(await here.get(JobRepository).claimDue('killed', 900, 1, false)).toMatchObject([{ id }]);
        here.runtime.start();
        expect(await here.until(id, 'done')).toMatchObject({ attempts: 1, crashes: 1 });
        expect(await here.effects('orphan')).toBe(1);
      });

      it('buries a job that took four processes with it, without running it again', async () => {
        await here.runtime.stop();
        const repository = here.get(JobRepository);
        const id = (await jobs.enqueue(Try, { label: 'poison' })) ?? '';
        for (let crash = 1; crash <= 4; crash++) {
          expect(await repository.claimDue('killed', 1, 1, crash > 1)).toMatchObject([{ id }]);
          await sleep(10);
          await repository.takeOverSilent();
        }
        here.runtime.start();
        expect(await here.until(id, 'dead')).toMatchObject({ attempts: 0, crashes: 4 });
        expect(await here.effects('poison')).toBe(0);
      });

      it('repeats nothing when a worker is stopped while another works on', async () => {
        const there = await TrialProcess.boot(environment());
        there.runtime.start();
        const ids = [];
        for (let n = 0; n < 40; n++) ids.push(await jobs.enqueue(Try, { label: `rolling ${n}`, before: 40 }));
        await sleep(150);
        await here.runtime.stop();
        for (const id of ids) await there.until(id, 'done');
        await there.app.close();
        const runs = seen.filter(({ label }) => label.startsWith('rolling '));
        expect(runs).toHaveLength(40);
        expect((await here.labels()).filter((label) => label.startsWith('rolling '))).toHaveLength(40);
      });

      it('hands back what does not end in time; its effect happens once', async () => {
        const id = await jobs.enqueue(Try, { label: 'handed back', before: 1_200 });
        await here.until(id, 'running');
        await here.runtime.stop(50);
        expect((await here.find(id)).state).not.toBe('running');
        here.runtime.start();
        expect(await here.until(id, 'done')).toMatchObject({ attempts: 1, crashes: 0 });
        await sleep(1_200);
        expect(await here.effects('handed back')).toBe(1);
      });

      it('refuses what a handler that ignores its timeout writes afterwards', async () => {
        const id = await jobs.enqueue(Hurry, { label: 'deaf', before: 2_600 });
        await here.until(id, 'dead');
        await sleep(700);
        expect(await here.effects('deaf')).toBe(0);
        await here.until(await jobs.enqueue(Try, { label: 'after the deaf one' }), 'done');
      });

      it('hands over again what the engine lost', async () => {
        const busy = [];
        for (let n = 0; n < 5; n++) busy.push(await jobs.enqueue(Try, { label: 'busy', before: 1_500 }));
        for (const id of busy) await here.until(id, 'running');
        const lost = [];
        for (let n = 0; n < 5; n++) lost.push(await jobs.enqueue(Try, { label: 'lost' }));
        if (engine === 'bullmq-redis') await forgetKeys(settings.JOBS_NAMESPACE ?? '');
        for (const id of [...busy, ...lost]) await here.until(id, 'done');
        expect(await here.effects('lost')).toBe(5);
      });

      if (engine === 'bullmq-redis') {
        it('hands over again what Redis kept without its place in the queue', async () => {
          const busy = [];
          for (let n = 0; n < 5; n++) busy.push(await jobs.enqueue(Try, { label: 'occupied', before: 2_000 }));
          for (const id of busy) await here.until(id, 'running');
          const id = await jobs.enqueue(Try, { label: 'stranded' });
          await here.until(id, 'dispatched');
          await sleep(100);
          await forgetKeys(settings.JOBS_NAMESPACE ?? '', 'jobs:wait');
          await here.until(id, 'done');
          expect(await here.effects('stranded')).toBe(1);
        });
      }

      it('lists, counts and finds, and redrives dead letters only', async () => {
        const ledger = here.get(JobLedger);
        const id = (await jobs.enqueue(Try, { label: 'listed' })) ?? '';
        await here.until(id, 'done');
        const page = await ledger.list({ state: 'done', name: 'trial.try' }, { skip: 0, limit: 1 });
        expect(page).toMatchObject({
          items: [{ id, name: 'trial.try', payload: { label: 'listed' } }],
          skip: 0,
          limit: 1,
        });
        expect(page.total).toBeGreaterThan(5);
        expect((await ledger.counts()).done).toBeGreaterThanOrEqual(page.total);
        await expect(ledger.redrive(id)).rejects.toThrow(`Job ${id} is done: only dead jobs are redriven`);
        await expect(ledger.find('no-such-job')).rejects.toThrow('Job not found');
      });

      it('leaves no row behind that is neither done nor dead', async () => {
        await eventually(async () => {
          const rows = await here.get(Database).query<{ state: string }>(STATES, { name: 'trial.try' });
          expect(rows.filter(({ state }) => state !== 'done' && state !== 'dead')).toEqual([]);
        });
      });

      it('ticks once per instant, however many schedulers there are', async () => {
        await here.runtime.stop();
        const clocks = [];
        for (let n = 0; n < 3; n++) clocks.push(await TrialProcess.boot(environment(), { ticking: true }));
        for (const clock of clocks) clock.runtime.start();
        const ticked = async () => (await here.labels()).filter((label) => label.startsWith('tick:'));
        await eventually(async () => expect((await ticked()).length).toBeGreaterThanOrEqual(4));
        await Promise.all(clocks.map((clock) => clock.runtime.stop()));
        const ticks = await ticked();
        for (const clock of clocks) await clock.app.close();
        const seconds = ticks.map((label) => Date.parse(label.slice('tick:'.length)) / 1_000);
        expect(seconds).toEqual(seconds.map((_second, index) => (seconds[0] ?? 0) + index));
      });
    },
  );
}

import { pause } from '../support/app-process';
import { describeEachDatabase, type TestDatabase } from '../support/databases';
import { redisUrl } from '../support/services';
import { TrialBelt, type TrialJob } from './support/trial-belt';

jest.setTimeout(180_000);

const labelsOf = (jobs: readonly TrialJob[]): string[] => jobs.map(({ label }) => label).sort();
const some = (count: number, ms: number): TrialJob[] =>
  Array.from({ length: count }, (_, number) => ({ label: `job-${String(number).padStart(3, '0')}`, ms }));

describeEachDatabase('Jobs under SIGKILL and SIGTERM', (database) => {
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
      let belt: TrialBelt;
      beforeAll(() => (belt = new TrialBelt(database, engine, more)));
      beforeEach(() => belt.forget());
      afterEach(() => belt.clear());

      const effects = async (): Promise<number> => (await belt.effects()).length;
      const until = async (count: number): Promise<void> => {
        while ((await effects()) < count) await pause(20);
      };

      it('gives 400 jobs 400 effects while the worker is killed eight times', async () => {
        const jobs = some(400, 60);
        await belt.enqueue(jobs);
        for (let kill = 1; kill <= 8; kill++) {
          const worker = belt.start();
          await until(kill * 25);
          await pause(Math.random() * 100);
          await belt.end(worker, 'SIGKILL');
        }
        belt.start();
        expect(await belt.settled(100_000)).toEqual({ done: 400, dead: 0 });
        expect(await belt.effects()).toEqual(labelsOf(jobs));
        // The kills hit jobs between their effect and their end: without that this would prove nothing.
        expect(belt.runs().length).toBeGreaterThan(400);
      });

      it('has another worker finish, within 15 s, what a killed one had in its hands', async () => {
        const owner = belt.start();
        await belt.enqueue([{ label: 'mine', ms: 60_000 }]);
        while (belt.runs().length === 0) await pause(20);
        belt.start();
        await belt.end(owner, 'SIGKILL');
        const killed = performance.now();
        while (belt.runs().length < 2) await pause(20);
        expect(performance.now() - killed).toBeLessThan(15_000);
      });

      it('repeats no job over six rolling SIGTERMs, and every worker exits 0', async () => {
        const jobs = some(300, 100);
        await belt.enqueue(jobs);
        const exits: (number | null)[] = [];
        let worker = belt.start();
        for (let turn = 1; turn <= 6; turn++) {
          await until(turn * 20);
          const next = belt.start();
          exits.push(await belt.end(worker, 'SIGTERM'));
          worker = next;
        }
        expect(await belt.settled(60_000)).toEqual({ done: 300, dead: 0 });
        exits.push(await belt.end(worker, 'SIGTERM'));
        expect(exits).toEqual([0, 0, 0, 0, 0, 0, 0]);
        expect(belt.runs()).toEqual(labelsOf(jobs));
        expect(await belt.effects()).toEqual(labelsOf(jobs));
      });

      it('buries a job that kills its process after the fourth time, and does the hundred others', async () => {
        const others = some(100, 60);
        await belt.enqueue([{ label: 'deadly', ms: 0, deadly: true }, ...others]);
        let starts = 0;
        const keepAlive = (): void => {
          starts += 1;
          belt.start().once('exit', () => starts < 10 && keepAlive());
        };
        keepAlive();
        const ended = await belt.settled(120_000);
        const used = starts;
        starts = 10;
        expect(ended).toEqual({ done: 100, dead: 1 });
        expect(used - 1).toBeLessThanOrEqual(4);
        expect(await belt.effects()).toEqual(labelsOf(others));
      });
    },
  );
}

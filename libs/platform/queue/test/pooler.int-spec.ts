import { connectWithRetry, createDataSource, Database, DatabaseFitness, placeOf, statement } from '@platform/database';
import { HealthChecks } from '@platform/observability';
import { Jobs } from '@platform/queue';
import { coreAndDatabase, describeOnPostgres } from '../../../../test/support/databases';
import { describeWithPgBouncer, PgBouncer } from '../../../../test/support/pgbouncer';
import { quick, TrialProcess, Try } from './trial';

jest.setTimeout(60_000);

const IGNORED = 'statement_timeout,idle_in_transaction_session_timeout,options,extra_float_digits';
const LIMITS = statement(
  'pooler.limits',
  "SELECT current_setting('statement_timeout') AS statement, current_setting('idle_in_transaction_session_timeout') AS idle",
);
const SLEEP = statement('pooler.sleep', 'SELECT pg_sleep(10)');

describeWithPgBouncer('PgBouncer', () => {
  describeOnPostgres('before the database', (database) => {
    const bouncers: PgBouncer[] = [];
    const opened: TrialProcess[] = [];
    afterAll(async () => {
      for (const bouncer of bouncers) await bouncer.stop();
    });
    database.beforeDrop(async () => {
      for (const trial of opened) await trial.app.close();
    });

    async function through(settings: Record<string, string>): Promise<string> {
      const bouncer = await PgBouncer.start({ default_pool_size: '4', ...settings });
      bouncers.push(bouncer);
      return bouncer.through(database.url());
    }

    async function boot(more: Record<string, string>): Promise<TrialProcess> {
      const trial = await TrialProcess.boot({ ...database.environment(), ...quick('bullmq-postgres'), ...more });
      opened.push(trial);
      return trial;
    }

    it('that refuses start-up parameters stops the boot, with the fix', async () => {
      const url = await through({ pool_mode: 'transaction' });
      const started = performance.now();
      await expect(boot({ DATABASE_URL: url })).rejects.toThrow(
        /- Set DATABASE_POOLER=transaction and DATABASE_DIRECT_URL: DATABASE_URL .*"unsupported startup parameter: statement_timeout"/,
      );
      expect(performance.now() - started).toBeLessThan(5_000);
    });

    describe('that lends sessions by the transaction', () => {
      let url = '';
      beforeAll(async () => {
        url = await through({ pool_mode: 'transaction', ignore_startup_parameters: IGNORED });
      });

      it('stops the boot of a process that takes it for PostgreSQL', async () => {
        await expect(boot({ DATABASE_URL: url })).rejects.toThrow(
          /- Set DATABASE_POOLER=transaction and DATABASE_DIRECT_URL: DATABASE_URL .*two connections share one session/,
        );
      });

      it('turns readiness red when it comes in between later', async () => {
        const { core, database: config } = coreAndDatabase({ ...database.environment(), DATABASE_URL: url });
        const dataSource = createDataSource({ core, database: config, declarations: [] });
        await connectWithRetry(dataSource, placeOf(core, config, 'requests'), 1, () => undefined);
        const fitness = new DatabaseFitness(new Database(dataSource), config, core);
        await expect(fitness.demand()).rejects.toThrow('Set DATABASE_POOLER=transaction');
        await dataSource.destroy();
      });

      it('stops the boot when it is also the direct way', async () => {
        const both = { DATABASE_URL: url, DATABASE_POOLER: 'transaction', DATABASE_DIRECT_URL: url };
        await expect(boot(both)).rejects.toThrow(/- Name PostgreSQL itself in DATABASE_DIRECT_URL/);
      });

      it('needs the direct way to be said', async () => {
        await expect(boot({ DATABASE_URL: url, DATABASE_POOLER: 'transaction' })).rejects.toThrow(
          'Set DATABASE_DIRECT_URL (database.directUrl)',
        );
      });

      describe('serves a process that knows it', () => {
        let trial: TrialProcess;
        beforeAll(async () => {
          trial = await boot({
            DATABASE_URL: await through({ pool_mode: 'transaction' }),
            DATABASE_POOLER: 'transaction',
            DATABASE_DIRECT_URL: database.url(),
            DB_STATEMENT_TIMEOUT_MS: '700',
          });
          trial.runtime.start();
        });

        it('with every transaction of sixty at once, and the jobs that they ask for', async () => {
          const ids = await Promise.all(
            Array.from({ length: 60 }, (_, number) => trial.get(Jobs).enqueue(Try, { label: `pooled-${number}` })),
          );
          for (const id of ids) await trial.until(id, 'done');
          expect((await trial.labels()).filter((label) => label.startsWith('pooled-'))).toHaveLength(60);
        });

        it('with limits for each transaction, and none left behind for others', async () => {
          const { database: pooled } = trial;
          expect(await pooled.transaction(() => pooled.query(LIMITS))).toEqual([{ statement: '700ms', idle: '30s' }]);
          expect(await pooled.query(LIMITS)).toEqual([{ statement: '0', idle: '0' }]);
          await expect(pooled.transaction(() => pooled.query(SLEEP))).rejects.toMatchObject({ code: '57014' });
        });

        it('and is ready', async () => {
          const { status, components } = await trial.get(HealthChecks).report();
          expect({ status, jobs: components.jobs?.status }).toEqual({ status: 'healthy', jobs: 'healthy' });
        });
      });
    });

    it('that lends sessions for as long as a connection lasts is as good as none', async () => {
      const url = await through({ pool_mode: 'session', ignore_startup_parameters: IGNORED, default_pool_size: '40' });
      const trial = await boot({ DATABASE_URL: url, DATABASE_DIRECT_URL: database.url() });
      await trial.get(DatabaseFitness).demand();
    });

    it('that lends them by the statement is named', async () => {
      const url = await through({ pool_mode: 'statement', ignore_startup_parameters: IGNORED });
      const trial = await boot({
        DATABASE_URL: url,
        DATABASE_POOLER: 'transaction',
        DATABASE_DIRECT_URL: database.url(),
      });
      await expect(trial.get(DatabaseFitness).demand()).rejects.toThrow('Set pool_mode = transaction in the pooler');
    });
  });
});

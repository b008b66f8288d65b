import { randomBytes } from 'node:crypto';
import { DatabaseFitness } from '@platform/database';
import { HealthChecks } from '@platform/observability';
import { Jobs } from '@platform/queue';
import { Client } from 'pg';
import { describeOnPostgres } from '../../../../test/support/databases';
import { eventually, quick, TrialProcess, Try } from './trial';

jest.setTimeout(60_000);

describeOnPostgres('A role of PostgreSQL that may not', (database) => {
  const role = `omni_role_${randomBytes(6).toString('hex')}`;
  const opened: TrialProcess[] = [];
  let owner: Client;

  beforeAll(async () => {
    owner = new Client({ connectionString: database.url() });
    await owner.connect();
    await owner.query(`CREATE ROLE "${role}" LOGIN PASSWORD '${role}'`);
    await owner.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
  });
  database.beforeDrop(async () => {
    for (const trial of opened) await trial.app.close();
    await owner.query(`DROP OWNED BY "${role}" CASCADE`);
    await owner.query(`DROP ROLE "${role}"`);
    await owner.end();
  });

  function asRole(): string {
    const url = new URL(database.url());
    url.username = url.password = role;
    return url.toString();
  }

  async function boot(more: Record<string, string> = {}): Promise<TrialProcess> {
    const settings = { ...database.environment(), ...quick('bullmq-postgres'), DATABASE_URL: asRole(), ...more };
    const trial = await TrialProcess.boot(settings);
    opened.push(trial);
    return trial;
  }

  it('make tables stops the boot, with the GRANT', async () => {
    await expect(boot()).rejects.toThrow(
      `- Run \`GRANT USAGE, CREATE ON SCHEMA "public" TO "${role}"\` in "omni_test_`,
    );
  });

  describe('make schemas', () => {
    let trial: TrialProcess;
    let schema = '';
    beforeAll(async () => {
      await owner.query(`GRANT CREATE ON SCHEMA public TO "${role}"`);
      const settings = quick('bullmq-postgres');
      schema = settings.JOBS_NAMESPACE ?? '';
      trial = await boot(settings);
      trial.runtime.start();
    });

    const jobsOf = async (): Promise<{ status: string; error: string | null }> => {
      const { status, components } = await trial.get(HealthChecks).report();
      return { status, error: components.jobs?.error ?? null };
    };

    it('leaves jobs waiting, and readiness red with the GRANT', async () => {
      const id = await trial.get(Jobs).enqueue(Try, { label: 'waits' });
      await eventually(async () => expect((await jobsOf()).error).toContain(`GRANT CREATE ON DATABASE "omni_test_`));
      expect((await jobsOf()).status).toBe('unhealthy');
      expect((await trial.find(id)).state).toBe('pending');
    });

    it('works in a schema made for it, without another start', async () => {
      await owner.query(`CREATE SCHEMA "${schema}" AUTHORIZATION "${role}"`);
      const id = await trial.get(Jobs).enqueue(Try, { label: 'goes on' });
      await trial.until(id, 'done');
      await eventually(async () => expect(await jobsOf()).toEqual({ status: 'healthy', error: null }));
    });

    it('says so when the right is taken away later, and goes on when it is back', async () => {
      await owner.query(`REVOKE USAGE ON SCHEMA "${schema}" FROM "${role}"`);
      await eventually(async () =>
        expect((await jobsOf()).error).toContain(`GRANT USAGE, CREATE ON SCHEMA "${schema}"`),
      );
      await owner.query(`GRANT USAGE ON SCHEMA "${schema}" TO "${role}"`);
      const id = await trial.get(Jobs).enqueue(Try, { label: 'went on' });
      await trial.until(id, 'done');
    });
  });

  it('use the tables that another role migrated is told which GRANT it needs', async () => {
    await owner.query(`REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "${role}"`);
    const trial = await boot({ DATABASE_DIRECT_URL: database.url(), JOBS_ENGINE: 'embedded' });
    await expect(trial.get(DatabaseFitness).demand()).rejects.toThrow(
      `- Run \`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "${role}"\``,
    );
  });
});

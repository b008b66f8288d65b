import { runOmni } from '../../support/app-process';
import { describeEachDatabase } from '../../support/databases';

describeEachDatabase('omni', (database) => {
  const omni = (...words: string[]) => runOmni(words, database.environment(), database.dataDir());

  describe('db', () => {
    it('says which migrations are pending, with exit code 1', async () => {
      const { status, output } = await omni('db', 'status');
      expect(status).toBe(1);
      expect(output).toMatch(/^MIGRATION +STATE$/m);
      expect(output).toMatch(/CreateProjects\d{13} +pending/);
    }, 20_000);

    it('applies what is pending', async () => {
      const { status, output } = await omni('db', 'migrate');
      expect({ status, output }).toEqual({ status: 0, output: expect.stringMatching(/CreateProjects\d{13}/) });
    });

    it('then has nothing to apply, and no drift; takes every migration back, and forward again', async () => {
      expect((await omni('db', 'migrate')).output).toMatch(/Nothing to apply/);
      const { status, output } = await omni('db', 'status', '--json');
      const rows = JSON.parse(output) as { migration: string; state: string }[];
      expect([status, new Set(rows.map((row) => row.state))]).toEqual([0, new Set(['applied'])]);
      const back = await omni('db', 'rollback', '--steps', String(rows.length));
      expect([back.status, back.output.match(/^took back /gm)?.length]).toEqual([0, rows.length]);
      expect((await omni('db', 'rollback')).output).toMatch(/Nothing to take back/);
      expect((await omni('db', 'migrate')).status).toBe(0);
      const drift = await omni('db', 'drift');
      expect([drift.status, drift.output]).toEqual([0, expect.stringMatching(/^No drift/)]);
    }, 60_000);

    it('seeds the demo set twice without doubling it', async () => {
      const first = await omni('db', 'seed', '--set', 'demo');
      const second = await omni('db', 'seed', '--set', 'demo');
      expect([first.status, second.status]).toEqual([0, 0]);
      expect(first.output).toContain('omnistack.local');
      const verify = await omni('audit', 'verify');
      expect([verify.status, verify.output]).toEqual([0, expect.stringContaining('holds')]);
    }, 40_000);
  });

  // What follows is the command line's own and the same on either database.
  if (database.dialect === 'postgres') return;

  it('refuses a step count that is none, naming the option', async () => {
    const { status, output } = await omni('db', 'rollback', '--steps', 'all');
    expect([status, output]).toEqual([1, expect.stringContaining('--steps all')]);
  }, 20_000);

  it('lists the ledger, and says what it wants for a redrive', async () => {
    const list = await omni('jobs', 'list', '--json');
    expect(list.status).toBe(0);
    const rows = JSON.parse(list.output) as { name: string; state: string }[];
    expect(rows.map((row) => row.name)).toContain('users.user_registered');
    expect(list.output).not.toContain('payload');
    const vague = await omni('jobs', 'redrive');
    expect([vague.status, vague.output]).toEqual([1, expect.stringContaining('omni jobs redrive <id>')]);
    const unknown = await omni('jobs', 'redrive', '0198f1c2-6f3a-7000-8000-00000000dead');
    expect([unknown.status, unknown.output]).toEqual([1, 'omni: Job not found\n']);
    expect((await omni('jobs', 'redrive', '--all')).output).toMatch(/^Redrove 0 jobs/);
  }, 60_000);

  it('says what is wrong with a setting, and no value of it', async () => {
    const environment = { ...database.environment(), DB_POOL_SIZE: 'many-secrets' };
    const { status, output } = await runOmni(['db', 'status'], environment, database.dataDir());
    expect(status).toBe(1);
    expect(output).toMatch(/Correct DB_POOL_SIZE \(database\.poolSize\)/);
    expect(output).not.toContain('many-secrets');
    expect(output).not.toMatch(/\n +at /);
  }, 20_000);
});

describe('omni, without a database', () => {
  const environment = { ENVIRONMENT: 'local', SECRET_KEY: 'k'.repeat(40), DATABASE_URL: 'postgres://127.0.0.1:1/none' };
  const omni = (...words: string[]) => runOmni(words, environment, '/tmp');

  it('shows its commands, and those of a group, while the database is away', async () => {
    const help = await omni('--help');
    expect([help.status, help.output]).toEqual([0, expect.stringMatching(/^Usage: omni/)]);
    for (const word of ['db', 'jobs', 'routes', 'events', 'permissions', 'settings', 'docs']) {
      expect(help.output).toMatch(new RegExp(`^ +${word} `, 'm'));
    }
    expect((await omni('db', '--help')).output).toMatch(/migrate/);
  }, 20_000);

  it('names permissions with their roles, and events', async () => {
    const permissions = JSON.parse((await omni('permissions', '--json')).output) as {
      permission: string;
      roles: string[];
    }[];
    expect(permissions.find((line) => line.permission === 'projects.create')?.roles).toEqual([
      'user',
      'admin',
      'superadmin',
    ]);
    expect((await omni('events')).output).toMatch(/^projects\.project_created /m);
  }, 20_000);

  it('shows the settings in force without a secret', async () => {
    const { output } = await omni('settings');
    expect(output).toMatch(/^SECRET_KEY +\(set\) +environment$/m);
    expect(output).toMatch(/^PORT +3000 +default$/m);
    expect(output).not.toContain('k'.repeat(40));
  }, 20_000);

  it('names every route with what it demands, and every job', async () => {
    const routes = JSON.parse((await omni('routes', '--json')).output) as Record<string, unknown>[];
    expect(routes).toContainEqual(
      expect.objectContaining({
        method: 'POST',
        path: '/api/v1/app/projects',
        access: 'projects.create',
        idempotent: true,
      }),
    );
    expect((await omni('jobs')).output).toMatch(/users\.send_welcome_mail/);
  }, 30_000);

  it('refuses a word that it does not know, with exit code 1', async () => {
    const [word, verb] = await Promise.all([omni('settigns'), omni('db', 'foo')]);
    expect([word.status, verb.status]).toEqual([1, 1]);
    expect(verb.output).toMatch(/^error: `omni db` has no command 'foo': take one of migrate, rollback, /);
    expect(word.output + verb.output).not.toMatch(/\n +at /);
  }, 20_000);

  it('says that the database is away in one line, without a password', async () => {
    const secret = { ...environment, DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/none' };
    const { status, output } = await runOmni(['db', 'status'], secret, '/tmp');
    expect(status).toBe(1);
    expect(output).toMatch(/^omni: .*ECONNREFUSED/);
    expect(output).not.toContain('hunter2');
  }, 20_000);
});

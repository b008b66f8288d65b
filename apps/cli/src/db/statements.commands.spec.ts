import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Migrator, statement, StatementPlans } from '@platform/database';
import { ApplicationModule } from '../application.module';
import { Output } from '../output';
import { type Workspace } from '../workspace';
import { ExplainCommand, StatementsCommand } from './statements.commands';

describe('omni db statements and omni db explain', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-statements-'));
  const stream = new PassThrough({ encoding: 'utf8', highWaterMark: 10_000_000 });
  const said = (): string => String(stream.read() ?? '');
  let application: INestApplicationContext;
  // The commands only open it.
  const workspace = {
    open: (work: (opened: INestApplicationContext) => Promise<unknown>) => work(application),
  } as Partial<Workspace> as Workspace;

  beforeAll(async () => {
    const environment = {
      ENVIRONMENT: 'local',
      SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
      DATA_DIR: folder,
      DATABASE_URL: `sqlite:${join(folder, 'all.db')}`,
    };
    application = await NestFactory.createApplicationContext(ApplicationModule.assemble(environment), {
      logger: false,
      abortOnError: false,
    });
    await application.get(Migrator).prepare();
  }, 60_000);
  afterAll(async () => {
    await application?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('print what is derived from an entity beside what is written by hand', async () => {
    await new StatementsCommand(workspace, new Output(stream)).run(['auth']);
    expect(said()).toMatch(
      /^-- login_throttles\.page_after_\w+ \([^)]*\)\nSELECT counted\.total_of_list[^]* LIMIT \$\d+/m,
    );
    await expect(new StatementsCommand(workspace, new Output(stream)).run(['nothing'])).rejects.toThrow(
      /No statement is on a table of nothing: take one of auth, /,
    );
  });

  it('find every statement of every domain good for the embedded database', async () => {
    await new ExplainCommand(workspace, new Output(stream)).run([]);
    expect(said()).toMatch(/^\d{3} statements, \d+ of them lists that read a whole table$/m);
  });

  it('name the statement that a table is not as it says', async () => {
    const plans = application.get(StatementPlans);
    const wrong = statement('users.wrong', 'SELECT nmae FROM users u WHERE u.id = :id');
    await expect(plans.explain({ domain: 'users', statement: wrong })).rejects.toThrow(
      'The database refuses users.wrong: no such column: nmae',
    );
  });

  it('warn of a list for which no index will do, and of no other', async () => {
    const plans = application.get(StatementPlans);
    const ask = (name: string, sql: string) => plans.explain({ domain: 'users', statement: statement(name, sql) });
    expect(await ask('users.unserved', 'SELECT id FROM users WHERE full_name = :name LIMIT 9')).toMatchObject({
      readsAll: true,
    });
    expect(await ask('users.served', 'SELECT id FROM users WHERE id = :id LIMIT 9')).toMatchObject({
      readsAll: false,
    });
  });
});

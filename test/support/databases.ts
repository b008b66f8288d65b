import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CoreConfig, LoadedSettings, TimeOrderedIds } from '@platform/config';
import {
  connectWithRetry,
  createDataSource,
  Database,
  DatabaseConfig,
  type Dialect,
  EntityStore,
  Migrator,
  placeOf,
} from '@platform/database';
import { type Clock, type DomainDeclaration, SystemClock } from '@platform/kernel';
import { Client } from 'pg';
import { ListCursors } from '../../libs/platform/database/src/rows/cursors';
import { DATA } from './data-folder';
import { postgresUrl } from './services';

/** A database of one test file: made before its tests, gone after them. */
export interface TestDatabase {
  readonly dialect: Dialect;
  /** The DATABASE_URL; callable within tests and hooks. */
  url(): string;
  /** A folder for DATA_DIR. */
  dataDir(): string;
  /** Environment for `readEnvironment` and child processes. */
  environment(): Record<string, string>;
  /** A connected, migrated `Database` of these declarations; closed after the tests. */
  open(declarations: readonly DomainDeclaration[]): Promise<Database>;
  /** Close something before the database goes; jest would run an afterAll of the block too late. */
  beforeDrop(close: () => Promise<unknown>): void;
}

/** Run the block once on SQLite and once on PostgreSQL; without a PostgreSQL its half is skipped by name. */
export function describeEachDatabase(title: string, block: (database: TestDatabase) => void): void {
  describe(`${title} [sqlite]`, () => block(prepared('sqlite')));
  describeOnPostgres(title, block);
}

/** Run the block on PostgreSQL alone: what it is about does not exist on SQLite. Skipped by name without one. */
export function describeOnPostgres(title: string, block: (database: TestDatabase) => void): void {
  const half = postgresUrl() ? describe : describe.skip;
  half(`${title} [postgres]`, () => block(prepared('postgres')));
}

/** Settings as the application would read them from this environment. */
export function coreAndDatabase(environment: Record<string, string>): { core: CoreConfig; database: DatabaseConfig } {
  const loaded = LoadedSettings.load([CoreConfig, DatabaseConfig], environment);
  return { core: loaded.get(CoreConfig), database: loaded.get(DatabaseConfig) };
}

/** What a repository made by hand works with. */
export function storeOf(database: Database, clock: Clock = new SystemClock()): EntityStore {
  const { core } = coreAndDatabase({
    DATABASE_URL: 'sqlite::memory:',
    SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
  });
  return new EntityStore(database, new ListCursors(core), clock, new TimeOrderedIds());
}

/** What knows no letter beyond ASCII: what works here works in every locale. */
const LOCALE = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'";

function prepared(dialect: Dialect): TestDatabase {
  const name = `omni_test_${randomBytes(6).toString('hex')}`;
  const opened: Database[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  let folder = '';
  const url = () => (dialect === 'sqlite' ? `sqlite:${join(folder, 'test.db')}` : serverUrl(name));
  const environment = () => ({
    DATABASE_URL: url(),
    DATA_DIR: folder,
    ENVIRONMENT: 'local',
    SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
  });

  beforeAll(async () => {
    folder = mkdtempSync(join(DATA, 'omnistack-'));
    if (dialect === 'sqlite') return;
    await onServer(`CREATE DATABASE "${name}" ${LOCALE}`);
    // Nothing of it has to survive the server.
    await onServer(`ALTER DATABASE "${name}" SET synchronous_commit = off`);
  });
  afterAll(async () => {
    for (const close of closers) await close();
    for (const database of opened) await database.dataSource.destroy();
    if (dialect === 'postgres') await onServer(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    dialect,
    url,
    dataDir: () => folder,
    environment,
    beforeDrop: (close) => void closers.push(close),
    open: async (declarations) => {
      const settings = coreAndDatabase(environment());
      await new Migrator(settings.core, settings.database, declarations).migrate();
      const dataSource = createDataSource({ ...settings, declarations, onPoolError: () => undefined });
      const place = placeOf(settings.core, settings.database, 'requests');
      const database = new Database(await connectWithRetry(dataSource, place, 3, () => undefined));
      opened.push(database);
      return database;
    },
  };
}

function serverUrl(database: string): string {
  const url = new URL(postgresUrl() ?? '');
  url.pathname = `/${database}`;
  return url.toString();
}

async function onServer(sql: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

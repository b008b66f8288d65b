import { setTimeout as sleep } from 'node:timers/promises';
import { type CoreConfig } from '@platform/config';
import { BootRefused, type Constructor, type DomainDeclaration } from '@platform/kernel';
import type BetterSqlite from 'better-sqlite3';
import type { Pool } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { type DatabaseConfig } from './database.config';
import { SnakeCaseNaming } from './naming';
import { type Place, placeOf, type Purpose, sqliteFile } from './place';
import { GuardedClient } from './postgres/guarded-client';
import { POSTGRES_TYPES } from './postgres/postgres-time';
import { refusalOf } from './refusals';
import { foldText } from './text-folding';
import { SqliteDataSource } from './sqlite/serialized-sqlite.driver';

/** What a data source needs to know. */
export interface DataSourceInput {
  core: CoreConfig;
  database: DatabaseConfig;
  declarations: readonly DomainDeclaration[];
  /** Hears of errors on idle connections; without it they would end the process. */
  onPoolError?: (error: Error) => void;
}

/** Limits of PostgreSQL on a session, milliseconds, by their names there. */
export type SessionLimits = Record<'statement_timeout' | 'idle_in_transaction_session_timeout', number>;

/** Build the data source, not yet connected. */
export function createDataSource(input: DataSourceInput, purpose: Purpose = 'requests'): DataSource {
  const shared = {
    entities: collect(input.declarations, (declaration) => declaration.entities),
    migrations: inOrder(collect(input.declarations, (declaration) => declaration.migrations)),
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'all' as const,
    namingStrategy: new SnakeCaseNaming(),
    synchronize: false,
    logging: false as const,
  };
  return input.core.usesSqlite
    ? new SqliteDataSource({ ...shared, ...sqliteOptions(input.core) })
    : new DataSource({ ...shared, ...postgresOptions(input, purpose) });
}

function collect(
  declarations: readonly DomainDeclaration[],
  pick: (declaration: DomainDeclaration) => readonly Constructor[] | undefined,
): Constructor[] {
  return [...new Set(declarations.flatMap((declaration) => pick(declaration) ?? []))];
}

function inOrder(migrations: Constructor[]): Constructor[] {
  return migrations.sort((left, right) => left.name.slice(-13).localeCompare(right.name.slice(-13)));
}

function sqliteOptions(core: CoreConfig) {
  return {
    type: 'better-sqlite3' as const,
    database: sqliteFile(core),
    // Waiting for another process happens in the driver, without blocking this one.
    timeout: 0,
    prepareDatabase: (connection: BetterSqlite.Database) => {
      connection.pragma('busy_timeout = 5000');
      connection.pragma('journal_mode = WAL');
      connection.pragma('synchronous = FULL');
      connection.pragma('busy_timeout = 0');
      // SQLite itself folds ASCII only; searches are to find the same rows on both engines.
      connection.function('folded', { deterministic: true }, (text: unknown) =>
        typeof text === 'string' ? foldText(text) : text,
      );
    },
  } satisfies Partial<DataSourceOptions>;
}

function postgresOptions(input: DataSourceInput, purpose: Purpose) {
  const { core, database } = input;
  const isForMigrations = purpose === 'sessions';
  return {
    type: 'postgres' as const,
    url: placeOf(core, database, purpose).url,
    applicationName: `omnistack-${isForMigrations ? 'migrations' : 'requests'}`,
    installExtensions: false,
    poolSize: isForMigrations ? 2 : database.poolSize,
    poolErrorHandler: (error: Error) => input.onPoolError?.(error),
    extra: {
      Client: GuardedClient,
      connectionTimeoutMillis: database.connectTimeoutMs,
      idleTimeoutMillis: database.useNullPool ? 1 : 30_000,
      maxLifetimeSeconds: database.poolRecycleSeconds,
      keepAlive: true,
      types: POSTGRES_TYPES,
      // The client gives up a little later than the server: it covers a server that no longer answers.
      ...(isForMigrations ? {} : { query_timeout: database.statementTimeoutMs + 500 }),
      // A session that a pooler lends for one transaction takes no start-up parameters: the transaction sets them.
      ...(isForMigrations || database.pooler ? {} : sessionLimits(database)),
    },
  } satisfies Partial<DataSourceOptions>;
}

/** The connections of a data source on PostgreSQL. */
export function poolOf(dataSource: DataSource): Pool {
  // TypeORM's driver keeps it there, and offers no other way to it.
  return (dataSource.driver as unknown as { master: Pool }).master;
}

/** How long the server lets a statement run, and a transaction do nothing, milliseconds. */
export function sessionLimits(database: DatabaseConfig): SessionLimits {
  return { statement_timeout: database.statementTimeoutMs, idle_in_transaction_session_timeout: 30_000 };
}

/**
 * Connect, trying again with growing pauses while nobody answers.
 * @throws BootRefused after `attempts`, and at once when trying again cannot help; in one line
 */
export async function connectWithRetry(
  dataSource: DataSource,
  place: Place,
  attempts: number,
  onRetry: (message: string) => void,
): Promise<DataSource> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dataSource.initialize();
    } catch (error) {
      const refusal = refusalOf(error, place);
      if (refusal) throw refusal;
      const reason = reasonOf(error);
      if (attempt >= attempts) {
        throw new BootRefused([
          `The database of ${place.setting} does not answer: ${reason}. ` +
            'Start it, correct the address, or unset DATABASE_URL for the embedded database',
        ]);
      }
      onRetry(`The database does not answer yet (attempt ${attempt} of ${attempts}): ${reason}`);
    }
    await sleep(Math.min(250 * 2 ** (attempt - 1), 5_000));
  }
}

function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return (first instanceof Error ? first.message : String(first)).replace(/:\/\/[^@\s]*@/g, '://***@');
}

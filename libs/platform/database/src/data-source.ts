import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { type CoreConfig } from '@platform/config';
import { BootRefused, type Constructor, type DomainDeclaration } from '@platform/kernel';
import type BetterSqlite from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { type DatabaseConfig } from './database.config';
import { SnakeCaseNaming } from './naming';
import { GuardedClient } from './postgres/guarded-client';
import { POSTGRES_TYPES } from './postgres/postgres-time';
import { SqliteDataSource } from './sqlite/serialized-sqlite.driver';

/** Who uses the connection: requests are cut short, migrations may take their time. */
export type Patience = 'requests' | 'migrations';

/** What a data source needs to know. */
export interface DataSourceInput {
  core: CoreConfig;
  database: DatabaseConfig;
  declarations: readonly DomainDeclaration[];
  /** Hears of errors on idle connections; without it they would end the process. */
  onPoolError?: (error: Error) => void;
}

/** Path of the SQLite file. */
export function sqliteFile(core: CoreConfig): string {
  const fromUrl = core.databaseUrl?.replace(/^sqlite(\+\w+)?:(\/\/(?:\/(?=\.))?)?/, '');
  return fromUrl || join(core.dataDir, 'omnistack.db');
}

/** Build the data source, not yet connected. */
export function createDataSource(input: DataSourceInput, patience: Patience = 'requests'): DataSource {
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
    : new DataSource({ ...shared, ...postgresOptions(input, patience) });
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
      // SQLite's own folds ASCII only; searches are to find the same rows on both engines.
      connection.function('lower', { deterministic: true }, (text: unknown) =>
        typeof text === 'string' ? text.toLowerCase() : text,
      );
    },
  } satisfies Partial<DataSourceOptions>;
}

function postgresOptions(input: DataSourceInput, patience: Patience) {
  const { core, database } = input;
  const patient = patience === 'migrations';
  return {
    type: 'postgres' as const,
    url: core.databaseUrl?.replace(/^postgres(ql)?(\+\w+)?:/, 'postgres:'),
    applicationName: `omnistack-${patience}`,
    installExtensions: false,
    poolSize: patient ? 2 : database.poolSize,
    poolErrorHandler: (error: Error) => input.onPoolError?.(error),
    extra: {
      Client: GuardedClient,
      connectionTimeoutMillis: database.connectTimeoutMs,
      idleTimeoutMillis: database.useNullPool ? 1 : 30_000,
      maxLifetimeSeconds: database.poolRecycleSeconds,
      keepAlive: true,
      types: POSTGRES_TYPES,
      ...(patient
        ? {}
        : {
            statement_timeout: database.statementTimeoutMs,
            // The client gives up a little later than the server: it covers a server that no longer answers.
            query_timeout: database.statementTimeoutMs + 500,
            idle_in_transaction_session_timeout: 30_000,
          }),
    },
  } satisfies Partial<DataSourceOptions>;
}

/**
 * Connect, trying again with growing pauses.
 * @throws BootRefused after `attempts`, in one line.
 */
export async function connectPatiently(
  dataSource: DataSource,
  attempts: number,
  onRetry: (message: string) => void,
): Promise<DataSource> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dataSource.initialize();
    } catch (error) {
      const reason = reasonOf(error);
      if (attempt >= attempts) {
        throw new BootRefused([
          `The database (DATABASE_URL) did not answer in ${attempts} attempts: ${reason}. ` +
            'Start it, correct DATABASE_URL, or unset it for the embedded database',
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

import { setTimeout as sleep } from 'node:timers/promises';
import type BetterSqlite from 'better-sqlite3';
import {
  DataSource,
  type DataSourceOptions,
  type ObjectLiteral,
  type QueryRunner,
  type ReplicationMode,
} from 'typeorm';
import { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import type { ColumnType } from 'typeorm/driver/types/ColumnTypes';
import { isRetryable } from '../errors';
import { Mutex } from './mutex';
import { type SerializedConnection } from './serialized-connection';
import { SerializedSqliteQueryRunner } from './serialized-sqlite.query-runner';

/** Longest wait for the turn, and for another process that holds the file, milliseconds. */
const WAIT_MS = 5_000;

/** Column types of the entities that SQLite keeps as text. */
const KEPT_AS_TEXT = new Set<unknown>(['uuid', 'timestamptz', 'timestamp with time zone', 'jsonb']);

/**
 * TypeORM's driver shares one query runner, so two transactions nest into each other and acknowledged writes vanish
 * with a neighbour's rollback. This one gives each caller a query runner of its own and lets one statement or one
 * transaction at a time use the connection.
 */
export class SerializedSqliteDriver extends BetterSqlite3Driver implements SerializedConnection {
  readonly mutex = new Mutex();
  private readonly prepared = new Map<string, BetterSqlite.Statement>();

  constructor(dataSource: DataSource) {
    super(dataSource);
    this.supportedDataTypes = [...this.supportedDataTypes, 'uuid', 'timestamptz', 'jsonb'];
  }

  override createQueryRunner(_mode: ReplicationMode): QueryRunner {
    return new SerializedSqliteQueryRunner(this);
  }

  override async disconnect(): Promise<void> {
    await this.mutex.acquire(WAIT_MS);
    this.prepared.clear();
    this.file.close();
    this.mutex.release();
  }

  private get file(): BetterSqlite.Database {
    return this.databaseConnection as BetterSqlite.Database;
  }

  prepare(sql: string): BetterSqlite.Statement {
    let found = this.prepared.get(sql);
    if (!found) {
      found = this.file.prepare(sql);
      this.prepared.set(sql, found);
      const oldest = this.prepared.size > 500 ? this.prepared.keys().next().value : undefined;
      if (oldest !== undefined) this.prepared.delete(oldest);
    }
    return found;
  }

  async alone<T>(work: () => T): Promise<T> {
    const turn = this.mutex.acquire(WAIT_MS);
    if (turn) await turn;
    try {
      return await this.withRetry(work);
    } finally {
      this.mutex.release();
    }
  }

  async withRetry<T>(work: () => T): Promise<T> {
    const deadline = Date.now() + WAIT_MS;
    for (let pause = 1; ; pause = Math.min(pause * 2, 50)) {
      try {
        return work();
      } catch (error) {
        if (!isRetryable(error) || Date.now() > deadline) throw error;
      }
      await sleep(pause * (0.5 + Math.random()));
    }
  }

  /**
   * Commit a write that changes nothing.
   * @throws SqliteError when the file takes none; one that another process is writing takes them
   */
  async demandWritable(): Promise<void> {
    const turn = this.mutex.acquire(WAIT_MS);
    if (turn) await turn;
    try {
      // The number is the application's, and this one has no use for it.
      this.file.pragma('user_version = 0');
    } catch (error) {
      if (!isRetryable(error)) throw error;
    } finally {
      this.mutex.release();
    }
  }

  override normalizeType(column: { type?: ColumnType | string; length?: number | string }): string {
    return KEPT_AS_TEXT.has(column.type) ? 'text' : super.normalizeType(column as ColumnMetadata);
  }

  override preparePersistentValue(value: unknown, column: ColumnMetadata): unknown {
    const prepared: unknown = super.preparePersistentValue(value, column);
    if (prepared instanceof Date) return prepared.toISOString();
    return column.type === 'jsonb' && prepared !== null && prepared !== undefined ? JSON.stringify(prepared) : prepared;
  }

  override prepareHydratedValue(value: unknown, column: ColumnMetadata): unknown {
    if (typeof value === 'string' && column.type === 'timestamptz') return new Date(value);
    if (typeof value === 'string' && column.type === 'jsonb') return JSON.parse(value) as unknown;
    return super.prepareHydratedValue(value, column);
  }

  override escapeQueryWithParameters(sql: string, parameters: ObjectLiteral): [string, unknown[]] {
    const bound = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, isoText(value)]));
    return super.escapeQueryWithParameters(sql, bound);
  }
}

function isoText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(isoText) : value;
}

/** A data source on one SQLite file that keeps what it acknowledges. */
export class SqliteDataSource extends DataSource {
  constructor(options: DataSourceOptions) {
    super(options);
    // TypeORM chooses the driver by `type` alone; there is no option for a class of one's own.
    Object.assign(this, { driver: new SerializedSqliteDriver(this) });
  }
}

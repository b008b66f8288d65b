import type BetterSqlite from 'better-sqlite3';
import { type BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver';
import { type Mutex } from './mutex';

/** What a query runner needs of the driver whose one connection it shares with the others. */
export interface SerializedConnection extends BetterSqlite3Driver {
  readonly mutex: Mutex;
  /** A statement of the one connection, prepared once. */
  prepare(sql: string): BetterSqlite.Statement;
  /** Run `work` alone on the connection. Waits, without blocking the process, while another process writes. */
  alone<T>(work: () => T): Promise<T>;
  /** Repeat `work` while another process holds the file, for at most five seconds. */
  withRetry<T>(work: () => T): Promise<T>;
}

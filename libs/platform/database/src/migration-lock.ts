import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource } from 'typeorm';
import { isRetryable } from './errors';
import type BetterSqlite from 'better-sqlite3';

/** Longest wait for another process that migrates, milliseconds. */
const WAIT_MS = 120_000;
/** "omnistack" as a number that nobody else locks: the first eight bytes of its SHA-256, halved. */
const LOCK_KEY = 4_613_921_807;

/**
 * Run `work` while no other process migrates the same database: an advisory lock on PostgreSQL, an exclusively
 * locked file beside the database on SQLite. Both end with the process, however it ends.
 */
export async function withMigrationLock<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  return dataSource.options.type === 'postgres' ? lockedOnServer(dataSource, work) : lockedOnFile(dataSource, work);
}

async function lockedOnServer<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  const holder = dataSource.createQueryRunner();
  try {
    await holder.query(`SET lock_timeout = ${WAIT_MS}`);
    await holder.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    try {
      return await work();
    } finally {
      await holder.query('SELECT pg_advisory_unlock($1)', [LOCK_KEY]);
    }
  } finally {
    await holder.release();
  }
}

async function lockedOnFile<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  // The driver class that TypeORM loaded; there is no second copy of the native addon.
  const Connection = (dataSource.driver as unknown as { sqlite: typeof BetterSqlite }).sqlite;
  const holder = new Connection(`${String(dataSource.options.database)}.migration-lock`, { timeout: 0 });
  try {
    await acquire(holder);
    return await work();
  } finally {
    holder.close();
  }
}

async function acquire(holder: BetterSqlite.Database): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    try {
      holder.exec('BEGIN EXCLUSIVE');
      return;
    } catch (error) {
      if (!isRetryable(error) || Date.now() > deadline) throw error;
    }
    await sleep(25);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Database } from '@platform/database';

/** Longest pause between two statements of a transaction, milliseconds. */
const PAUSE_MS = 12;

/**
 * Notes the deadlocks of a database, and makes them likely where they are possible: with pauses between their statements,
 * transactions overlap that would take a millisecond each. A transaction that met one is repeated, so nobody else tells.
 */
export function deadlocksOf(database: Database): string[] {
  const found: string[] = [];
  database.observe(({ errorCode, operation, table }) => {
    if (errorCode === '40P01') found.push(`${operation} ${table}`);
  });
  const { execute, query } = database;
  const pause = async () => {
    if (database.inTransaction) await sleep(Math.random() * PAUSE_MS);
  };
  jest.spyOn(database, 'execute').mockImplementation(async (...given) => {
    const outcome = await execute.apply(database, given);
    await pause();
    return outcome;
  });
  jest.spyOn(database, 'query').mockImplementation(async (...given) => {
    const outcome = await query.apply(database, given);
    await pause();
    // The rows are as the caller types them.
    return outcome as never[];
  });
  return found;
}

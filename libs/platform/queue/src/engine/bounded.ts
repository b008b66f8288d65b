import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The answer, if it comes within `ms`.
 * @throws Error when it does not
 */
export async function timely<T>(ms: number, answer: Promise<T>): Promise<T> {
  const giveUp = new AbortController();
  const tooLate = sleep(ms, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`No answer within ${ms} ms`);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    giveUp.abort();
    tooLate.catch(() => undefined);
  }
}

/** Wait at most `ms` for the end of something; then, or when it fails, do `otherwise` and wait no longer. */
export async function within(ms: number, end: Promise<unknown>, otherwise: () => Promise<unknown>): Promise<void> {
  try {
    await timely(ms, end);
  } catch {
    void otherwise().catch(() => undefined);
  }
}

const LONGEST_MS = 3_600_000;

/**
 * The pause before the next attempt, milliseconds: `baseMs` doubled with each ended attempt, at most an hour; between
 * half of that and all of it, so that jobs which failed together do not come back together.
 * @param chance from 0 to 1
 */
export function backoff(baseMs: number, endedAttempts: number, chance = Math.random()): number {
  const full = Math.min(LONGEST_MS, baseMs * 2 ** Math.min(endedAttempts - 1, 30));
  return Math.round(full * (0.5 + chance / 2));
}

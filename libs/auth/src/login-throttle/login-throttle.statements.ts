import { statement } from '@platform/database';

/** What an attempt that may go on is told. */
export interface ReservedRow {
  failures: number;
}

/** Until when nobody may guess. */
export interface BlockRow {
  blocked_until: Date | string | null;
}

// The n-th failure from the limit on blocks for first × 2ⁿ seconds, at most `most`. Twenty doublings are enough for any.
const PAUSE = {
  postgres: `CAST(:now AS timestamptz) + make_interval(secs =>
    LEAST(CAST(:most AS integer), CAST(:first AS integer) * POWER(2, LEAST(20, {n} - CAST(:limit AS integer)))))`,
  sqlite: `strftime('%Y-%m-%dT%H:%M:%fZ', :now, '+' || MIN(:most, :first << MIN(20, {n} - :limit)) || ' seconds')`,
};

function reserve(dialect: 'postgres' | 'sqlite'): string {
  const time = (name: string) => (dialect === 'postgres' ? `CAST(:${name} AS timestamptz)` : `:${name}`);
  // A row of before there were two buckets has no beginning; its count begins anew.
  const goesOn = `login_throttles.began_at > ${time('forget_before')}`;
  const n = `CASE WHEN ${goesOn} THEN login_throttles.failures + 1 ELSE 1 END`;
  const block = (count: string) =>
    `CASE WHEN ${count} >= CAST(:limit AS integer) THEN ${PAUSE[dialect].replace('{n}', count)} END`;
  return `
    INSERT INTO login_throttles (id, target, subject, failures, blocked_until, began_at, updated_at)
    VALUES (:id, :target, :subject, 1, ${block('1')}, ${time('now')}, ${time('now')})
    ON CONFLICT (subject) DO UPDATE SET
      target = excluded.target, failures = ${n}, blocked_until = ${block(n)},
      began_at = CASE WHEN ${goesOn} THEN login_throttles.began_at ELSE excluded.began_at END,
      updated_at = excluded.updated_at
      WHERE login_throttles.blocked_until IS NULL OR login_throttles.blocked_until <= excluded.updated_at
    RETURNING failures`;
}

/** Counts an attempt before it is made; no row while the bucket is blocked. Attempts at once queue at the row. */
export const RESERVE = statement('auth.reserve_guess', {
  postgres: reserve('postgres'),
  sqlite: reserve('sqlite'),
});

export const FIND_BLOCK = statement(
  'auth.find_block',
  'SELECT blocked_until FROM login_throttles WHERE subject = :subject',
);

export const CLEAR = statement('auth.clear_attempts', 'DELETE FROM login_throttles WHERE subject = :subject');

/** As if the attempt had never been counted: it could be made, so nothing was blocked before. */
export const GIVE_BACK = statement(
  'auth.give_guess_back',
  `UPDATE login_throttles SET failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END, blocked_until = NULL
   WHERE subject = :subject`,
);

/** Every bucket but the account's own, which attempts lock last. */
export const FORGET_PARTS = statement(
  'auth.forget_guesses',
  'DELETE FROM login_throttles WHERE target = :target AND subject <> :subject',
);

export const PURGE = statement(
  'auth.purge_attempts',
  `DELETE FROM login_throttles WHERE id IN
     (SELECT id FROM login_throttles WHERE updated_at < :before ORDER BY updated_at LIMIT :limit)`,
);

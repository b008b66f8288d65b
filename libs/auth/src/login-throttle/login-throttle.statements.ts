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
  const n = 'login_throttles.failures + 1';
  const block = (count: string) =>
    `CASE WHEN ${count} >= CAST(:limit AS integer) THEN ${PAUSE[dialect].replace('{n}', count)} END`;
  const now = dialect === 'postgres' ? 'CAST(:now AS timestamptz)' : ':now';
  return `
    INSERT INTO login_throttles (id, subject, failures, blocked_until, updated_at)
    VALUES (:id, :subject, 1, ${block('1')}, ${now})
    ON CONFLICT (subject) DO UPDATE SET failures = ${n}, blocked_until = ${block(n)}, updated_at = excluded.updated_at
      WHERE login_throttles.blocked_until IS NULL OR login_throttles.blocked_until <= excluded.updated_at
    RETURNING failures`;
}

/** Counts an attempt before it is made; no row while the subject is blocked. Attempts at once queue at the row. */
export const RESERVE = statement('auth.reserve_attempt', {
  postgres: reserve('postgres'),
  sqlite: reserve('sqlite'),
});

export const FIND_BLOCK = statement(
  'auth.find_block',
  'SELECT blocked_until FROM login_throttles WHERE subject = :subject',
);

export const CLEAR = statement('auth.clear_attempts', 'DELETE FROM login_throttles WHERE subject = :subject');

export const PURGE = statement(
  'auth.purge_attempts',
  `DELETE FROM login_throttles WHERE id IN
     (SELECT id FROM login_throttles WHERE updated_at < :before ORDER BY updated_at LIMIT :limit)`,
);

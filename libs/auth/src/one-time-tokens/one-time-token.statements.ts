import { statement } from '@platform/database';

/** Whose token it was, and for which address. */
export interface UsedTokenRow {
  user_id: string;
  email: string;
}

// Two that are issued at once may both stay; the order of their ids says which is the newer one.
const GOOD = `
  purpose = :purpose AND token_hash = :token_hash AND used_at IS NULL AND expires_at > :now
  AND NOT EXISTS (
    SELECT 1 FROM one_time_tokens newer
    WHERE newer.user_id = one_time_tokens.user_id AND newer.purpose = one_time_tokens.purpose
      AND newer.id > one_time_tokens.id)`;

/** The newest is the only good one. */
export const DISCARD = statement(
  'auth.discard_one_time_tokens',
  'DELETE FROM one_time_tokens WHERE user_id = :user_id AND purpose = :purpose',
);

export const ISSUE = statement(
  'auth.issue_one_time_token',
  `INSERT INTO one_time_tokens (id, user_id, purpose, token_hash, email, attempts, created_at, expires_at)
   VALUES (:id, :user_id, :purpose, :token_hash, :email, 0, :now, :expires_at)`,
);

export const FIND_GOOD = statement(
  'auth.find_one_time_token',
  `SELECT user_id, email FROM one_time_tokens WHERE ${GOOD}`,
);

/** Of two that use it at once, one gets a row. */
export const USE = statement(
  'auth.use_one_time_token',
  `UPDATE one_time_tokens SET used_at = :now WHERE ${GOOD} RETURNING user_id, email`,
);

/** Counts a code that is shown beside a challenge, before it is looked at; no row when the challenge is dead. */
export const COUNT_ATTEMPT = statement(
  'auth.count_challenge_attempt',
  `INSERT INTO one_time_tokens (id, user_id, purpose, token_hash, email, attempts, created_at, expires_at)
   VALUES (:id, :user_id, 'second_factor', :token_hash, '', 1, :now, :expires_at)
   ON CONFLICT (token_hash) DO UPDATE SET attempts = one_time_tokens.attempts + 1
     WHERE one_time_tokens.used_at IS NULL AND one_time_tokens.attempts < :most
   RETURNING attempts`,
);

/** Of two good codes at once, one gets a row. */
export const USE_CHALLENGE = statement(
  'auth.use_challenge',
  `UPDATE one_time_tokens SET used_at = :now
   WHERE token_hash = :token_hash AND purpose = 'second_factor' AND used_at IS NULL`,
);

export const PURGE = statement(
  'auth.purge_one_time_tokens',
  `DELETE FROM one_time_tokens WHERE id IN
     (SELECT id FROM one_time_tokens WHERE expires_at < :now ORDER BY expires_at LIMIT :limit)`,
);

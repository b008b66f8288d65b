import { statement } from '@platform/database';

/** Whose token it is, and for which address. */
export interface TokenOwnerRow {
  user_id: string;
  email: string;
}

/** A token that was ended. */
export interface EndedTokenRow extends TokenOwnerRow {
  token_hash: string;
}

// Some that are issued at once may stay beyond the newest; the order of their ids says which those are.
const GOOD = `
  purpose = :purpose AND token_hash = :token_hash AND used_at IS NULL AND expires_at > :now
  AND (
    SELECT COUNT(*) FROM one_time_tokens newer
    WHERE newer.user_id = one_time_tokens.user_id AND newer.purpose = one_time_tokens.purpose
      AND newer.id > one_time_tokens.id) < CAST(:newest AS integer)`;

const OLD = `user_id = :user_id AND purpose = :purpose AND (used_at IS NOT NULL OR id NOT IN (
     SELECT id FROM one_time_tokens WHERE user_id = :user_id AND purpose = :purpose ORDER BY id DESC LIMIT :newest))`;

/** All but the newest of a purpose, and those that were used; locked in the order of {@link USE}. */
export const DISCARD = statement('auth.discard_one_time_tokens', {
  postgres: `
    WITH old AS (SELECT id FROM one_time_tokens WHERE ${OLD} ORDER BY id FOR UPDATE)
    DELETE FROM one_time_tokens USING old WHERE one_time_tokens.id = old.id`,
  sqlite: `DELETE FROM one_time_tokens WHERE ${OLD}`,
});

export const ISSUE = statement(
  'auth.issue_one_time_token',
  `INSERT INTO one_time_tokens (id, user_id, purpose, token_hash, email, attempts, created_at, expires_at)
   VALUES (:id, :user_id, :purpose, :token_hash, :email, 0, :now, :expires_at)`,
);

export const FIND_GOOD = statement(
  'auth.find_one_time_token',
  `SELECT user_id, email FROM one_time_tokens WHERE ${GOOD}`,
);

/** The links by which somebody comes in or sets a password, used or not. */
export const DISCARD_ENTRIES = statement(
  'auth.discard_entry_links',
  `DELETE FROM one_time_tokens WHERE user_id = :user_id AND purpose IN ('reset_password', 'magic_link')`,
);

const SIBLINGS = `user_id = (SELECT user_id FROM one_time_tokens WHERE ${GOOD})
     AND purpose = :purpose AND used_at IS NULL`;

/** Ends a good token and its siblings. Of those that use one or several of them at once, one gets rows. */
export const USE = statement('auth.use_one_time_token', {
  // Locked in one order: two that use different siblings at once wait for each other in one direction only.
  postgres: `
    WITH siblings AS (SELECT id FROM one_time_tokens WHERE ${SIBLINGS} ORDER BY id FOR UPDATE)
    UPDATE one_time_tokens SET used_at = :now FROM siblings WHERE one_time_tokens.id = siblings.id
    RETURNING one_time_tokens.token_hash, one_time_tokens.user_id, one_time_tokens.email`,
  sqlite: `UPDATE one_time_tokens SET used_at = :now WHERE ${SIBLINGS} RETURNING token_hash, user_id, email`,
});

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

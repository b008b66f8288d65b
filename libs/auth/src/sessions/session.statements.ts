import { statement } from '@platform/database';

/** A refresh token with its sign-in. */
export interface TokenRow {
  id: string;
  session_id: string;
  user_id: string;
  expires_at: Date | string;
  rotated_at: Date | string | null;
  ended_at: Date | string | null;
}

/** What a live sign-in says of its person. */
export interface LiveSessionRow {
  authenticated_at: Date | string;
  second_factor_at: Date | string | null;
  tenant_id: string | null;
}

export const OPEN = statement(
  'auth.open_session',
  `INSERT INTO sessions (id, user_id, user_agent, client_address, method, authenticated_at, second_factor_at,
     created_at, refreshed_at, expires_at)
   VALUES (:id, :user_id, :user_agent, :client_address, :method, :now, :second_factor_at, :now, :now, :expires_at)`,
);

/** Touches no row of a sign-in that has ended; holds the row, so that it cannot end meanwhile. */
export const PROLONG = statement(
  'auth.prolong_session',
  `UPDATE sessions SET refreshed_at = :now, expires_at = :expires_at WHERE id = :id AND ended_at IS NULL`,
);

export const END = statement(
  'auth.end_session',
  `UPDATE sessions SET ended_at = :now, end_reason = :reason WHERE id = :id AND ended_at IS NULL`,
);

export const END_ALL = statement(
  'auth.end_sessions_of_user',
  `UPDATE sessions SET ended_at = :now, end_reason = :reason
   WHERE user_id = :user_id AND created_at <= :before AND ended_at IS NULL`,
);

export const FIND_LIVE = statement(
  'auth.find_live_session',
  `SELECT authenticated_at, second_factor_at, tenant_id FROM sessions
   WHERE id = :id AND user_id = :user_id AND ended_at IS NULL`,
);

export const FIND_TOKEN = statement(
  'auth.find_refresh_token',
  `SELECT token.id, token.session_id, session.user_id, token.expires_at, token.rotated_at, session.ended_at
   FROM refresh_tokens token JOIN sessions session ON session.id = token.session_id
   WHERE token.token_hash = :token_hash`,
);

export const ADD_TOKEN = statement(
  'auth.add_refresh_token',
  `INSERT INTO refresh_tokens (id, session_id, token_hash, created_at, expires_at)
   VALUES (:id, :session_id, :token_hash, :now, :expires_at)`,
);

/** The first exchange counts: the grace window runs from it. */
export const ROTATE = statement(
  'auth.rotate_refresh_token',
  `UPDATE refresh_tokens SET rotated_at = :now WHERE id = :id AND rotated_at IS NULL`,
);

/** Refresh tokens go with their sign-in. */
export const PURGE_SESSIONS = statement(
  'auth.purge_sessions',
  `DELETE FROM sessions WHERE id IN
     (SELECT id FROM sessions WHERE expires_at < :now ORDER BY expires_at LIMIT :limit)`,
);

export const PURGE_TOKENS = statement(
  'auth.purge_refresh_tokens',
  `DELETE FROM refresh_tokens WHERE id IN
     (SELECT id FROM refresh_tokens WHERE expires_at < :now ORDER BY expires_at LIMIT :limit)`,
);

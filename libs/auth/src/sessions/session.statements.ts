import { statement } from '@platform/database';

/** A refresh token with its session. */
export interface TokenRow {
  id: string;
  session_id: string;
  user_id: string;
  expires_at: Date | string;
  rotated_at: Date | string | null;
  ended_at: Date | string | null;
}

/** What a live session says of its person. */
export interface LiveSessionRow {
  authenticated_at: Date | string;
  second_factor_at: Date | string | null;
  tenant_id: string | null;
}

/** A row of a page: the count of all matches beside one session, or beside none when the page is empty. */
export type SessionPageRow = { total: number | string } & (
  | {
      id: string;
      user_agent: string | null;
      client_address: string | null;
      method: string;
      created_at: Date | string;
      refreshed_at: Date | string;
      expires_at: Date | string;
    }
  | { id: null }
);

export const OPEN = statement(
  'auth.open_session',
  `INSERT INTO sessions (id, user_id, user_agent, client_address, method, authenticated_at, second_factor_at,
     created_at, refreshed_at, expires_at)
   VALUES (:id, :user_id, :user_agent, :client_address, :method, :now, :second_factor_at, :now, :now, :expires_at)`,
);

/** Touches no row of a session that has ended; holds the row, so that it cannot end meanwhile. */
export const PROLONG = statement(
  'auth.prolong_session',
  `UPDATE sessions SET refreshed_at = :now, expires_at = :expires_at WHERE id = :id AND ended_at IS NULL`,
);

/** Those of a user that have not ended: one, all but one, those that began until a time. A filter that is null lets pass. */
export const END = statement(
  'auth.end_sessions',
  `UPDATE sessions SET ended_at = :now, end_reason = :reason
   WHERE user_id = :user_id AND ended_at IS NULL
     AND (CAST(:only AS uuid) IS NULL OR id = :only)
     AND (CAST(:except AS uuid) IS NULL OR id <> :except)
     AND (CAST(:except_method AS varchar) IS NULL OR method <> :except_method)
     AND (CAST(:before AS timestamptz) IS NULL OR created_at <= :before)
   RETURNING id`,
);

export const PROVE = statement(
  'auth.prove_session',
  `UPDATE sessions SET authenticated_at = :now, second_factor_at = COALESCE(:second_factor_at, second_factor_at)
   WHERE id = :id AND ended_at IS NULL`,
);

export const LAPSE_OTHERS = statement(
  'auth.lapse_proofs',
  `UPDATE sessions SET authenticated_at = :never WHERE user_id = :user_id AND id <> :id AND ended_at IS NULL`,
);

export const FORGET_SECOND_FACTOR = statement(
  'auth.forget_second_factor',
  `UPDATE sessions SET second_factor_at = NULL WHERE user_id = :user_id AND second_factor_at IS NOT NULL`,
);

export const SWITCH_TENANT = statement(
  'auth.switch_tenant',
  `UPDATE sessions SET tenant_id = :tenant_id WHERE id = :id AND user_id = :user_id AND ended_at IS NULL`,
);

export const LEAVE_TENANT = statement(
  'auth.leave_tenant',
  `UPDATE sessions SET tenant_id = NULL WHERE id = :id AND user_id = :user_id AND tenant_id = :left`,
);

const SHOWN = 'id, user_agent, client_address, method, created_at, refreshed_at, expires_at';
const LIVE = 'user_id = :user_id AND ended_at IS NULL AND expires_at > :now';
const NEWEST_FIRST = 'created_at DESC, id DESC';

/** One slice and the count of all matches in one round trip. */
function page(slice: string): string {
  return `
    SELECT counted.total, page.*
    FROM (SELECT COUNT(*) AS total FROM sessions WHERE ${LIVE}) counted
    LEFT JOIN (SELECT ${SHOWN} FROM sessions WHERE ${LIVE} ${slice}) page ON TRUE
    ORDER BY ${NEWEST_FIRST}`;
}

export const PAGE = statement('auth.page_sessions', page(`ORDER BY ${NEWEST_FIRST} LIMIT :limit OFFSET :skip`));
export const PAGE_AFTER = statement(
  'auth.page_sessions_after',
  page(`AND (created_at, id) < (:after, :after_id) ORDER BY ${NEWEST_FIRST} LIMIT :limit`),
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

/** Refresh tokens go with their session. */
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

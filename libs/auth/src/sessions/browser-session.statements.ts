import { statement } from '@platform/database';

/** Whose way it is. */
export interface OpenedRow {
  session_id: string;
  user_id: string;
}

const OF_A_LIVE_SESSION = `session_id IN (SELECT id FROM sessions WHERE ended_at IS NULL AND expires_at > :now)`;

/** A new link in place of whatever the session had. */
export const OFFER = statement(
  'auth.offer_browser_session',
  `INSERT INTO browser_sessions (session_id, secret_hash, opened_at, expires_at)
   VALUES (:session_id, :secret_hash, NULL, :expires_at)
   ON CONFLICT (session_id) DO UPDATE
   SET secret_hash = excluded.secret_hash, opened_at = NULL, expires_at = excluded.expires_at`,
);

/** Of several who come with one link, one finds the row: from then on it is the cookie's. */
export const OPEN = statement(
  'auth.open_browser_session',
  `UPDATE browser_sessions SET secret_hash = :cookie_hash, opened_at = :now, expires_at = :expires_at
   WHERE secret_hash = :link_hash AND opened_at IS NULL AND expires_at > :now AND ${OF_A_LIVE_SESSION}
   RETURNING session_id, (SELECT user_id FROM sessions WHERE id = session_id) AS user_id`,
);

export const FIND_OPEN = statement(
  'auth.find_browser_session',
  `SELECT b.session_id, s.user_id FROM browser_sessions b JOIN sessions s ON s.id = b.session_id
   WHERE b.secret_hash = :cookie_hash AND b.opened_at IS NOT NULL AND b.expires_at > :now
     AND s.ended_at IS NULL AND s.expires_at > :now`,
);

export const END_ALL = statement(
  'auth.end_browser_sessions',
  `DELETE FROM browser_sessions WHERE session_id IN (SELECT id FROM sessions WHERE user_id = :user_id)`,
);

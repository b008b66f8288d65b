import { Injectable } from '@nestjs/common';
import { repositoryOf, textOf } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { sha256Hex, urlSafeToken } from '@platform/crypto';
import { BrowserSession } from '../entities/browser-session.entity';

/** A link is for the person who has just asked for it, milliseconds. */
export const LINK_MS = 60_000;

/** A way that was opened lasts so long, milliseconds. */
export const OPEN_MS = 900_000;

/** Whose session it is. */
export interface SessionOwner {
  readonly sessionId: string;
  readonly userId: string;
}

/** Ways of sessions into the pages for admins. Secrets are 256 bits of chance, kept as SHA-256. */
@Injectable()
export class BrowserSessionRepository extends repositoryOf(BrowserSession) {
  private readonly own = this.rows('session_id IN (SELECT id FROM sessions WHERE user_id = :person)');
  private readonly opened = this.rows(
    `browser_sessions.secret_hash = :hash AND browser_sessions.opened_at IS NOT NULL
     AND browser_sessions.expires_at > :now AND s.ended_at IS NULL AND s.expires_at > :now`,
    {
      as: 'way',
      join: 'JOIN sessions s ON s.id = browser_sessions.session_id',
      beside: { userId: textOf<string>('s.user_id') },
    },
  );
  /** A new link in place of whatever the session had. */
  private readonly offering = this.statement(
    'offer',
    `INSERT INTO browser_sessions (session_id, secret_hash, opened_at, expires_at)
     VALUES (:session, :hash, NULL, :expires_at)
     ON CONFLICT (session_id) DO UPDATE
     SET secret_hash = excluded.secret_hash, opened_at = NULL, expires_at = excluded.expires_at`,
  );
  /** Of several who come with one link, one finds the row: from then on it is the cookie's. */
  private readonly opening = this.statement(
    'open',
    `UPDATE browser_sessions SET secret_hash = :cookie_hash, opened_at = :now, expires_at = :expires_at
     WHERE secret_hash = :link_hash AND opened_at IS NULL AND expires_at > :now
       AND session_id IN (SELECT id FROM sessions WHERE ended_at IS NULL AND expires_at > :now)
     RETURNING session_id, (SELECT user_id FROM sessions WHERE id = session_id) AS user_id`,
  );

  /** A new link's token in place of whatever way the actor's session had; the only time that it can be read. */
  async offer(_actor: Actor, session: string): Promise<{ token: string; expiresAt: Date }> {
    const token = urlSafeToken(32);
    const expiresAt = this.in(LINK_MS);
    await this.database.execute(this.offering, { session, hash: sha256Hex(token), expires_at: expiresAt });
    return { token, expiresAt };
  }

  /** Use a link up for a cookie's secret; null when it was used, has expired, or its session has ended. One of many gets it. */
  async open(token: string): Promise<(SessionOwner & { secret: string }) | null> {
    const secret = urlSafeToken(32);
    const [row] = await this.database.query<{ session_id: string; user_id: string }>(this.opening, {
      link_hash: sha256Hex(token),
      cookie_hash: sha256Hex(secret),
      now: this.store.clock.now(),
      expires_at: this.in(OPEN_MS),
    });
    return row ? { sessionId: row.session_id, userId: row.user_id, secret } : null;
  }

  /** Whose cookie it is while its way and its session last. */
  async findOpen(secret: string): Promise<SessionOwner | null> {
    const found = await this.opened.one({ hash: sha256Hex(secret), now: this.store.clock.now() });
    return found && { sessionId: found.way.sessionId, userId: found.userId };
  }

  /** End every way of the person's sessions. */
  async endAllOf(person: string): Promise<void> {
    await this.own.deleteAll({ person });
  }

  private in(ms: number): Date {
    return new Date(this.store.clock.now().getTime() + ms);
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '@platform/database';
import { type Actor, Clock } from '@platform/kernel';
import { sha256Hex, urlSafeToken } from '@platform/crypto';
import * as sql from './browser-session.statements';

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
export class BrowserSessionRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** A new link's token in place of whatever way the actor's session had; the only time that it can be read. */
  async offer(_actor: Actor, sessionId: string): Promise<{ token: string; expiresAt: Date }> {
    const token = urlSafeToken(32);
    const expiresAt = this.in(LINK_MS);
    await this.database.execute(sql.OFFER, {
      session_id: sessionId,
      secret_hash: sha256Hex(token),
      expires_at: expiresAt,
    });
    return { token, expiresAt };
  }

  /** Use a link up for a cookie's secret; null when it was used, has expired, or its session has ended. One of many gets it. */
  async open(token: string): Promise<(SessionOwner & { secret: string }) | null> {
    const secret = urlSafeToken(32);
    const [row] = await this.database.query<sql.OpenedRow>(sql.OPEN, {
      link_hash: sha256Hex(token),
      cookie_hash: sha256Hex(secret),
      now: this.clock.now(),
      expires_at: this.in(OPEN_MS),
    });
    return row ? { ...ownerOf(row), secret } : null;
  }

  /** Whose cookie it is while its way and its session last. */
  async findOpen(secret: string): Promise<SessionOwner | null> {
    const [row] = await this.database.query<sql.OpenedRow>(sql.FIND_OPEN, {
      cookie_hash: sha256Hex(secret),
      now: this.clock.now(),
    });
    return row ? ownerOf(row) : null;
  }

  /** End every way of the person's sessions. */
  async endAllOf(userId: string): Promise<void> {
    await this.database.execute(sql.END_ALL, { user_id: userId });
  }

  private in(ms: number): Date {
    return new Date(this.clock.now().getTime() + ms);
  }
}

function ownerOf({ session_id, user_id }: sql.OpenedRow): SessionOwner {
  return { sessionId: session_id, userId: user_id };
}

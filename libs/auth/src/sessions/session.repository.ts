import { Injectable } from '@nestjs/common';
import { Database, toDate } from '@platform/database';
import { Clock, currentContext, Ids } from '@platform/kernel';
import { sha256Hex, urlSafeToken } from '@platform/security';
import { AuthConfig } from '../auth.config';
import { type SessionEnd } from '../entities/session.entity';
import * as sql from './session.statements';

const DAY_MS = 86_400_000;
const USER_AGENT_LENGTH = 255;

/** What a presented refresh token is worth. */
export interface PresentedToken {
  readonly id: string;
  readonly sessionId: string;
  readonly userId: string;
  /** `good`: exchange it; `reused`: exchanged before and out of its grace; `dead`: expired, or its sign-in has ended. */
  readonly state: 'good' | 'reused' | 'dead';
}

/** How a person proved who he is. */
export interface Proof {
  /** `password`, `magic_link`, or `oidc:<provider>`. */
  readonly method: string;
  /** Whether a second factor was part of it. */
  readonly secondFactor: boolean;
}

/** What a sign-in that has not ended says of its person. */
export interface LiveSession {
  readonly authenticatedAt: Date;
  readonly secondFactor: boolean;
  readonly tenantId: string | null;
}

/** Named queries on sign-ins and their refresh tokens. */
@Injectable()
export class SessionRepository {
  constructor(
    private readonly database: Database,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Store a new sign-in of the running request's client; returns its id. */
  async open(userId: string, { method, secondFactor }: Proof): Promise<string> {
    const id = this.ids.next();
    const context = currentContext();
    const now = this.clock.now();
    await this.database.execute(sql.OPEN, {
      id,
      user_id: userId,
      user_agent: context?.userAgent?.slice(0, USER_AGENT_LENGTH),
      client_address: context?.clientAddress,
      method,
      second_factor_at: secondFactor ? now : null,
      now,
      expires_at: this.expiry(),
    });
    return id;
  }

  /** A new refresh token of the sign-in; the only time that it can be read. */
  async addToken(sessionId: string): Promise<string> {
    const token = urlSafeToken(32);
    await this.database.execute(sql.ADD_TOKEN, {
      id: this.ids.next(),
      session_id: sessionId,
      token_hash: sha256Hex(token),
      now: this.clock.now(),
      expires_at: this.expiry(),
    });
    return token;
  }

  /** The presented token, or null when it is none of ours. */
  async findToken(token: string): Promise<PresentedToken | null> {
    const [row] = await this.database.query<sql.TokenRow>(sql.FIND_TOKEN, { token_hash: sha256Hex(token) });
    return row ? { id: row.id, sessionId: row.session_id, userId: row.user_id, state: this.stateOf(row) } : null;
  }

  /** Mark the token as exchanged, and prolong its sign-in; false when the sign-in has ended. */
  async rotate(token: PresentedToken): Promise<boolean> {
    const now = this.clock.now();
    const prolonged = await this.database.execute(sql.PROLONG, {
      id: token.sessionId,
      now,
      expires_at: this.expiry(),
    });
    if (prolonged === 0) return false;
    // No row: another tab was quicker a moment ago, which is what the grace window is for.
    await this.database.execute(sql.ROTATE, { id: token.id, now });
    return true;
  }

  /** End a sign-in; false when it has ended already. */
  async end(id: string, reason: SessionEnd): Promise<boolean> {
    return (await this.database.execute(sql.END, { id, reason, now: this.clock.now() })) > 0;
  }

  /** End every sign-in of a user that began until `before`; returns how many. */
  endAllOf(userId: string, reason: SessionEnd, before: Date): Promise<number> {
    return this.database.execute(sql.END_ALL, { user_id: userId, reason, before, now: this.clock.now() });
  }

  /** The sign-in, if it is the user's and has not ended. */
  async findLive(id: string, userId: string): Promise<LiveSession | null> {
    const [row] = await this.database.query<sql.LiveSessionRow>(sql.FIND_LIVE, { id, user_id: userId });
    if (!row) return null;
    return {
      authenticatedAt: toDate(row.authenticated_at),
      secondFactor: row.second_factor_at !== null,
      tenantId: row.tenant_id,
    };
  }

  /** Remove at most `limit` expired sign-ins and as many expired tokens of others; returns how many rows are gone. */
  async purge(limit: number): Promise<number> {
    const now = this.clock.now();
    const sessions = await this.database.execute(sql.PURGE_SESSIONS, { now, limit });
    return sessions + (await this.database.execute(sql.PURGE_TOKENS, { now, limit }));
  }

  private stateOf(row: sql.TokenRow): PresentedToken['state'] {
    const now = this.clock.now().getTime();
    if (row.ended_at !== null || toDate(row.expires_at).getTime() <= now) return 'dead';
    if (row.rotated_at === null) return 'good';
    const graceEnds = toDate(row.rotated_at).getTime() + this.config.refreshGraceSeconds * 1000;
    return now <= graceEnds ? 'good' : 'reused';
  }

  private expiry(): Date {
    return new Date(this.clock.now().getTime() + this.config.refreshTokenDays * DAY_MS);
  }
}

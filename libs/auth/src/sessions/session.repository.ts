import { Injectable } from '@nestjs/common';
import { Database, toDate } from '@platform/database';
import { type Actor, Clock, currentContext, Ids, type OffsetPage, personScope } from '@platform/kernel';
import { sha256Hex } from '@platform/crypto';
import { Cursors } from '@platform/security';
import { AuthConfig } from '../auth.config';
import { type SessionEnd } from '../entities/session.entity';
import { RefreshTokens } from './refresh-tokens';
import * as sql from './session.statements';

const DAY_MS = 86_400_000;
const USER_AGENT_LENGTH = 255;

/** What a presented refresh token is worth. */
export interface PresentedToken {
  readonly id: string;
  readonly sessionId: string;
  readonly userId: string;
  /** `good`: exchange it; `reused`: exchanged before and out of its grace; `dead`: expired, or its session has ended. */
  readonly state: 'good' | 'reused' | 'dead';
}

/** How a person proved who they are. */
export interface Proof {
  /** `password`, `magic_link`, or `oidc:<provider>`. */
  readonly method: string;
  /** Whether a second factor was part of it. */
  readonly secondFactor: boolean;
}

/** What a session that has not ended says of its person. */
export interface LiveSession {
  readonly authenticatedAt: Date;
  readonly secondFactor: boolean;
  readonly tenantId: string | null;
}

/** Which sessions of a person end; nothing said: all. */
export interface EndingScope {
  /** This one alone. */
  readonly only?: string;
  /** All but this one. */
  readonly except?: string;
  /** All but those that began this way. */
  readonly exceptMethod?: string;
  /** Those that began until then. */
  readonly before?: Date;
}

/** A session as its person sees it. */
export interface DeviceSession {
  readonly id: string;
  readonly userAgent: string | null;
  readonly clientAddress: string | null;
  readonly method: string;
  readonly createdAt: Date;
  readonly refreshedAt: Date;
  readonly expiresAt: Date;
}

/** Which page of a person's sessions. */
export interface SessionPageQuery {
  skip: number;
  limit: number;
  /** Continue after the page that gave it; `skip` does not count then. */
  cursor?: string;
}

/** A page and the way to the next one; null on the last. */
export interface SessionPage extends OffsetPage<DeviceSession> {
  readonly nextCursor: string | null;
}

/** Cache key of what a session stands for. */
export function sessionKey(sessionId: string): string {
  return `session:${sessionId}`;
}

/** A proof that is older than any rule allows. */
const NEVER = new Date(0);

/** Named queries on sessions and their refresh tokens. */
@Injectable()
export class SessionRepository {
  constructor(
    private readonly database: Database,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly cursors: Cursors,
    private readonly refreshTokens: RefreshTokens,
  ) {}

  /** Store a new session of the running request's client; returns its id. */
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

  /** A new refresh token of the session; the only time that it can be read. */
  async addToken(sessionId: string, userId: string): Promise<string> {
    const token = this.refreshTokens.make(sessionId, userId);
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

  /** Mark the token as exchanged, and prolong its session; false when the session has ended. */
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

  /** End those of the user's sessions that are meant and have not ended; returns their ids. */
  async end(userId: string, reason: SessionEnd, scope: EndingScope): Promise<string[]> {
    const { before, except, exceptMethod: except_method, only } = scope;
    const parameters = { user_id: userId, reason, now: this.clock.now(), only, except, except_method, before };
    return (await this.database.query<{ id: string }>(sql.END, parameters)).map(({ id }) => id);
  }

  /** Note that the person has just proved who they are, with a second factor or without. */
  async prove(id: string, secondFactor: boolean): Promise<void> {
    const now = this.clock.now();
    await this.database.execute(sql.PROVE, { id, now, second_factor_at: secondFactor ? now : null });
  }

  /** Make every proof on the user's other sessions too old. */
  async lapseOthers(userId: string, id: string): Promise<void> {
    await this.database.execute(sql.LAPSE_OTHERS, { user_id: userId, id, never: NEVER });
  }

  /** Forget that a second factor was shown on any session of the user. */
  async forgetSecondFactor(userId: string): Promise<void> {
    await this.database.execute(sql.FORGET_SECOND_FACTOR, { user_id: userId });
  }

  /** Act for the tenant from now on, or for oneself; false when the session is not the actor's or has ended. */
  async switchTenant(actor: Actor, id: string, tenantId: string | null): Promise<boolean> {
    const parameters = { id, user_id: personScope(actor), tenant_id: tenantId };
    return (await this.database.execute(sql.SWITCH_TENANT, parameters)) > 0;
  }

  /** Act for oneself from now on, unless the session was switched elsewhere meanwhile; false then. */
  async leaveTenant(actor: Actor, id: string, left: string): Promise<boolean> {
    const parameters = { id, user_id: personScope(actor), left };
    return (await this.database.execute(sql.LEAVE_TENANT, parameters)) > 0;
  }

  /**
   * The actor's sessions that have not ended, newest first, with their count.
   * @throws ValidationFailed for a cursor of another list
   */
  async pageOf(actor: Actor, { cursor, limit, skip }: SessionPageQuery): Promise<SessionPage> {
    const userId = personScope(actor);
    const list = `sessions:${userId}`;
    const after = this.cursors.read(list, cursor);
    const rows = await this.database.query<sql.SessionPageRow>(after ? sql.PAGE_AFTER : sql.PAGE, {
      user_id: userId,
      now: this.clock.now(),
      after: after?.key,
      after_id: after?.id,
      // One more than asked for tells whether others follow.
      limit: limit + 1,
      skip,
    });
    const found = rows.flatMap((row) => (row.id === null ? [] : [deviceSessionOf(row)]));
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const nextCursor = last ? this.cursors.after(list, { key: last.createdAt.toISOString(), id: last.id }) : null;
    return { items, total: Number(rows[0]?.total ?? 0), skip, limit, nextCursor };
  }

  /** The session, if it is the user's and has not ended. */
  async findLive(id: string, userId: string): Promise<LiveSession | null> {
    const [row] = await this.database.query<sql.LiveSessionRow>(sql.FIND_LIVE, { id, user_id: userId });
    if (!row) return null;
    return {
      authenticatedAt: toDate(row.authenticated_at),
      secondFactor: row.second_factor_at !== null,
      tenantId: row.tenant_id,
    };
  }

  /** Remove at most `limit` expired sessions and as many expired tokens of others; returns how many rows are gone. */
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

function deviceSessionOf(row: Exclude<sql.SessionPageRow, { id: null }>): DeviceSession {
  return {
    id: row.id,
    userAgent: row.user_agent,
    clientAddress: row.client_address,
    method: row.method,
    createdAt: toDate(row.created_at),
    refreshedAt: toDate(row.refreshed_at),
    expiresAt: toDate(row.expires_at),
  };
}

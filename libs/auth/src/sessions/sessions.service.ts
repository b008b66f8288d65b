import { Injectable } from '@nestjs/common';
import { type User, UserDirectory, userTag } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Cache } from '@platform/cache';
import { Database } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { Events } from '@platform/queue';
import { InvalidRefreshToken, InvalidToken } from '../auth.errors';
import { SessionsEnded } from '../contract';
import { type SessionEnd } from '../entities/session.entity';
import { BrowserSessionRepository } from './browser-session.repository';
import {
  type EndingScope,
  type LiveSession,
  type PresentedToken,
  type Proof,
  sessionKey,
  SessionRepository,
} from './session.repository';

const PURGE_BATCH = 500;

/** A session and the one readable copy of its newest refresh token. */
export interface SessionToken {
  readonly sessionId: string;
  readonly userId: string;
  readonly refreshToken: string;
}

/** Sessions: begun by a sign-in, kept alive with rotating refresh tokens, ended by their person, by misuse or by an admin. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly browserSessions: BrowserSessionRepository,
    private readonly users: UserDirectory,
    private readonly database: Database,
    private readonly cache: Cache,
    private readonly events: Events,
    private readonly audit: AuditTrail,
    private readonly metrics: Metrics,
  ) {}

  /** Begin a session of the user. */
  async open(userId: string, proof: Proof): Promise<SessionToken> {
    const sessionId = await this.sessions.open(userId, proof);
    this.metrics.authEvent('login', providerOf(proof));
    this.metrics.token('issued');
    return { sessionId, userId, refreshToken: await this.sessions.addToken(sessionId, userId) };
  }

  /**
   * Exchange a refresh token for a new one. A token that was exchanged before gets one more within the grace window;
   * after it somebody else holds a copy, and the whole session ends (RFC 9700 §4.14.2).
   * @returns the session with its new token, and its person
   * @throws InvalidRefreshToken
   */
  async refresh(refreshToken: string): Promise<{ session: SessionToken; user: User }> {
    // Read before there is a transaction: what ends a session must outlive the refusal's rollback.
    const presented = await this.sessions.findToken(refreshToken);
    if (presented?.state === 'reused') await this.endForReuse(presented);
    if (presented?.state !== 'good') throw new InvalidRefreshToken();
    return this.database.transaction(async () => {
      const { sessionId, userId } = presented;
      // The account before the session, as whoever deletes or takes over the account does.
      const user = await this.users.hold(userId);
      if (!user || !(await this.sessions.rotate(presented))) throw new InvalidRefreshToken();
      this.metrics.authEvent('token_refresh', 'local');
      this.metrics.token('issued');
      return { session: { sessionId, userId, refreshToken: await this.sessions.addToken(sessionId, userId) }, user };
    });
  }

  /**
   * End those of the user's sessions that are meant, all if nothing is said: their tokens are worth nothing from the
   * commit on, and whoever holds their sockets hears of it.
   * @returns how many had not ended before
   */
  async end(userId: string, reason: SessionEnd, scope: EndingScope = {}): Promise<number> {
    const ended = await this.sessions.end(userId, reason, scope);
    // Also of the session that stays, after a new password or when the others are ended.
    await this.browserSessions.endAllOf(userId);
    this.cache.invalidateTag(userTag(userId));
    if (ended.length === 0) return 0;
    for (let count = 0; count < ended.length; count++) this.metrics.token('revoked');
    if (reason === 'logout') this.metrics.authEvent('logout', 'local');
    await this.events.publish(new SessionsEnded({ user_id: userId, session_ids: ended, reason }));
    return ended.length;
  }

  /**
   * Hold the account of the actor until the caller's transaction ends, before other rows of it are touched: what is set
   * up on it must not outlive a first proof or a deletion that came since the request was let in.
   * @throws InvalidToken when the account or the actor's session has ended
   */
  async hold({ id, sessionId }: Actor): Promise<void> {
    const user = await this.users.hold(id);
    const isOver = sessionId !== undefined && (await this.sessions.findLive(sessionId, id)) === null;
    if (!user || isOver) throw new InvalidToken('The session has ended');
  }

  /** The session, if it is the user's and has not ended. */
  findLive(sessionId: string, userId: string): Promise<LiveSession | null> {
    return this.sessions.findLive(sessionId, userId);
  }

  /** The person has just proved on this session who they are. */
  async renewProof(sessionId: string, secondFactor: boolean): Promise<void> {
    await this.sessions.prove(sessionId, secondFactor);
    this.cache.invalidate(sessionKey(sessionId));
  }

  /** What was shown on the person's other sessions is no longer enough for dangerous acts. */
  async lapseOtherProofs(userId: string, sessionId: string): Promise<void> {
    await this.sessions.lapseOthers(userId, sessionId);
    this.cache.invalidateTag(userTag(userId));
  }

  /** No session of the person has shown a second factor. */
  async forgetSecondFactor(userId: string): Promise<void> {
    await this.sessions.forgetSecondFactor(userId);
    this.cache.invalidateTag(userTag(userId));
  }

  /** Remove expired sessions and refresh tokens, in batches. @returns how many rows are gone */
  async purgeExpired(): Promise<number> {
    let purged = 0;
    for (;;) {
      const batch = await this.sessions.purge(PURGE_BATCH);
      purged += batch;
      if (batch < PURGE_BATCH) return purged;
    }
  }

  private endForReuse({ sessionId, userId }: PresentedToken): Promise<void> {
    return this.database.detached(() =>
      this.database.transaction(async () => {
        await this.end(userId, 'reuse', { only: sessionId });
        await this.audit.append({
          action: 'session.revoked',
          resourceType: 'session',
          resourceId: sessionId,
          description: 'A refresh token was used again after its grace window: somebody else may hold a copy',
          details: { user_id: userId },
        });
      }),
    );
  }
}

/** The label of dashboards: whoever vouched for the person. */
function providerOf({ method }: Proof): string {
  return method.startsWith('oidc:') ? method.slice('oidc:'.length) : 'local';
}

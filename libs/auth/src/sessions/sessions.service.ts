import { Injectable } from '@nestjs/common';
import { type User, UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Database } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { InvalidRefreshToken, InvalidToken } from '../auth.errors';
import { type SessionEnd } from '../entities/session.entity';
import { SessionEndings } from './session-endings';
import { type LiveSession, type PresentedToken, type Proof, SessionRepository } from './session.repository';

const PURGE_BATCH = 500;

/** A sign-in and the one readable copy of its newest refresh token. */
export interface SessionToken {
  readonly sessionId: string;
  readonly userId: string;
  readonly refreshToken: string;
}

/** Sign-ins: begun with a password, kept alive with rotating refresh tokens, ended by their person, by misuse or by an admin. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly users: UserDirectory,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly endings: SessionEndings,
    private readonly metrics: Metrics,
  ) {}

  /** Begin a sign-in of the user. */
  async open(userId: string, proof: Proof): Promise<SessionToken> {
    const sessionId = await this.sessions.open(userId, proof);
    this.metrics.authEvent('login', providerOf(proof));
    this.metrics.token('issued');
    return { sessionId, userId, refreshToken: await this.sessions.addToken(sessionId, userId) };
  }

  /**
   * Exchange a refresh token for a new one. A token that was exchanged before gets one more within the grace window;
   * after it somebody else holds a copy, and the whole sign-in ends (RFC 9700 §4.14.2).
   *
   * Success: the sign-in with its new token, and its person. Failure: `InvalidRefreshToken` (401).
   */
  async refresh(refreshToken: string): Promise<{ session: SessionToken; user: User }> {
    // Read before there is a transaction: what ends a sign-in must outlive the refusal's rollback.
    const presented = await this.sessions.findToken(refreshToken);
    if (presented?.state === 'reused') await this.endForReuse(presented);
    if (presented?.state !== 'good') throw new InvalidRefreshToken();
    return this.database.transaction(async () => {
      const { sessionId, userId } = presented;
      // The account before the sign-in, as whoever deletes or takes over the account does.
      const user = await this.users.hold(userId);
      if (!user || !(await this.sessions.rotate(presented))) throw new InvalidRefreshToken();
      this.metrics.authEvent('token_refresh', 'local');
      this.metrics.token('issued');
      return { session: { sessionId, userId, refreshToken: await this.sessions.addToken(sessionId, userId) }, user };
    });
  }

  /** End one sign-in of the user: its refresh tokens and its access tokens are worth nothing from now on. */
  async end(userId: string, sessionId: string, reason: SessionEnd): Promise<boolean> {
    const ended = await this.endings.end(userId, reason, { only: sessionId });
    if (reason === 'logout' && ended > 0) this.metrics.authEvent('logout', 'local');
    return ended > 0;
  }

  /** End every sign-in of the user, or those that began until `before`; returns how many. */
  endAllOf(userId: string, reason: SessionEnd, before?: Date): Promise<number> {
    return this.endings.end(userId, reason, { before });
  }

  /** End every sign-in of the user but one; returns how many. */
  endOthersOf(userId: string, sessionId: string, reason: SessionEnd): Promise<number> {
    return this.endings.end(userId, reason, { except: sessionId });
  }

  /**
   * Hold the account of the actor until the caller's transaction ends, before other rows of it are touched: what is set
   * up on it must not outlive a first proof or a deletion that came since the request was let in.
   * @throws InvalidToken when the account or the actor's sign-in has ended
   */
  async hold({ id, sessionId }: Actor): Promise<void> {
    const user = await this.users.hold(id);
    const isOver = sessionId !== undefined && (await this.sessions.findLive(sessionId, id)) === null;
    if (!user || isOver) throw new InvalidToken('The sign-in has ended');
  }

  /** The sign-in, if it is the user's and has not ended. */
  findLive(sessionId: string, userId: string): Promise<LiveSession | null> {
    return this.sessions.findLive(sessionId, userId);
  }

  /** Remove expired sign-ins and refresh tokens, in batches; returns how many rows are gone. */
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
        await this.end(userId, sessionId, 'reuse');
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

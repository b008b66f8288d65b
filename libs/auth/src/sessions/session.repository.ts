import { Injectable } from '@nestjs/common';
import { EntityStore, repositoryOf } from '@platform/database';
import { type Actor, currentContext, type Page, type PageQuery, personScope } from '@platform/kernel';
import { AuthConfig } from '../auth.config';
import { Session, type SessionEnd } from '../entities/session.entity';

const USER_AGENT_LENGTH = 255;

/** How a person proved who they are. */
export interface Proof {
  /** `password`, `magic_link`, or `oidc:<provider>`. */
  readonly method: string;
  /** Whether a second factor was part of it. */
  readonly secondFactor: boolean;
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

/** Cache key of what a session stands for. */
export function sessionKey(sessionId: string): string {
  return `session:${sessionId}`;
}

/** A proof that is older than any rule allows. */
const NEVER = new Date(0);

/** Named queries on sessions. */
@Injectable()
export class SessionRepository extends repositoryOf(Session) {
  private readonly own = this.rows('user_id = :person AND ended_at IS NULL');
  private readonly newest = this.own.and('expires_at > :now').orderedBy('created_at DESC');
  private readonly expired = this.rows('expires_at < :now').orderedBy('expires_at');

  /** Touches no row of a session that has ended; holds the row, so that it cannot end meanwhile. */
  private readonly prolonging = this.statement(
    'prolong',
    'UPDATE sessions SET refreshed_at = :now, expires_at = :expires_at WHERE id = :id AND ended_at IS NULL',
  );
  /** Those of a person that have not ended: one, all but one, those that began until a time. Null lets pass. */
  private readonly ending = this.statement(
    'end',
    `UPDATE sessions SET ended_at = :now, end_reason = :reason
     WHERE user_id = :person AND ended_at IS NULL
       AND (CAST(:only AS uuid) IS NULL OR id = :only)
       AND (CAST(:except AS uuid) IS NULL OR id <> :except)
       AND (CAST(:except_method AS varchar) IS NULL OR method <> :except_method)
       AND (CAST(:before AS timestamptz) IS NULL OR created_at <= :before)
     RETURNING ${this.table.selected()}`,
  );
  private readonly proving = this.statement(
    'prove',
    `UPDATE sessions SET authenticated_at = :now, second_factor_at = COALESCE(:second_factor_at, second_factor_at)
     WHERE id = :id AND ended_at IS NULL`,
  );
  private readonly lapsing = this.statement(
    'lapse',
    'UPDATE sessions SET authenticated_at = :never WHERE user_id = :person AND id <> :id AND ended_at IS NULL',
  );
  private readonly forgetting = this.statement(
    'forget_factor',
    'UPDATE sessions SET second_factor_at = NULL WHERE user_id = :person AND second_factor_at IS NOT NULL',
  );
  private readonly switching = this.statement(
    'switch',
    'UPDATE sessions SET tenant_id = :tenant WHERE id = :id AND user_id = :person AND ended_at IS NULL',
  );
  private readonly leaving = this.statement(
    'leave',
    'UPDATE sessions SET tenant_id = NULL WHERE id = :id AND user_id = :person AND tenant_id = :left',
  );

  constructor(
    store: EntityStore,
    private readonly config: AuthConfig,
  ) {
    super(store);
  }

  /** Store a new session of the running request's client. */
  open(userId: string, { method, secondFactor }: Proof): Promise<Session> {
    const context = currentContext();
    const now = this.store.clock.now();
    return this.add({
      userId,
      userAgent: context?.userAgent?.slice(0, USER_AGENT_LENGTH) ?? null,
      clientAddress: context?.clientAddress ?? null,
      method,
      authenticatedAt: now,
      secondFactorAt: secondFactor ? now : null,
      refreshedAt: now,
      expiresAt: this.config.sessionEnd(now),
    });
  }

  /** Have it go on from now; false when it has ended. */
  async prolong(id: string): Promise<boolean> {
    const now = this.store.clock.now();
    return (await this.database.execute(this.prolonging, { id, now, expires_at: this.config.sessionEnd(now) })) > 0;
  }

  /** End those of the person's sessions that are meant and have not ended; returns their ids. */
  async end(person: string, reason: SessionEnd, scope: EndingScope): Promise<string[]> {
    const { before, except, exceptMethod: except_method, only } = scope;
    const values = { person, reason, now: this.store.clock.now(), only, except, except_method, before };
    return (await this.entities(this.ending, values)).map(({ id }) => id);
  }

  /** Note that the person has just proved who they are, with a second factor or without. */
  async prove(id: string, secondFactor: boolean): Promise<void> {
    const now = this.store.clock.now();
    await this.database.execute(this.proving, { id, now, second_factor_at: secondFactor ? now : null });
  }

  /** Make every proof on the person's other sessions too old. */
  async lapseOthers(person: string, id: string): Promise<void> {
    await this.database.execute(this.lapsing, { person, id, never: NEVER });
  }

  /** Forget that a second factor was shown on any session of the person. */
  async forgetSecondFactor(person: string): Promise<void> {
    await this.database.execute(this.forgetting, { person });
  }

  /** Act for the tenant from now on, or for oneself; false when the session is not the actor's or has ended. */
  async switchTenant(actor: Actor, id: string, tenant: string | null): Promise<boolean> {
    return (await this.database.execute(this.switching, { id, person: personScope(actor), tenant })) > 0;
  }

  /** Act for oneself from now on, unless the session was switched elsewhere meanwhile; false then. */
  async leaveTenant(actor: Actor, id: string, left: string): Promise<boolean> {
    return (await this.database.execute(this.leaving, { id, person: personScope(actor), left })) > 0;
  }

  /** The actor's sessions that have not ended, newest first. @throws ValidationFailed for a cursor of another list */
  pageOf(actor: Actor, query: PageQuery): Promise<Page<Session>> {
    return this.newest.page({ person: personScope(actor), now: this.store.clock.now() }, query);
  }

  /** The session, if it is the person's and has not ended. */
  findLive(id: string, person: string): Promise<Session | null> {
    return this.own.find({ id, person });
  }

  /** Remove expired sessions, and with each its tokens; returns how many. */
  purge(): Promise<number> {
    return this.expired.deleteInBatches({ now: this.store.clock.now() });
  }
}

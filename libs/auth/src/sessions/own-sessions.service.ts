import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Cache } from '@platform/cache';
import { Transactional } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { TenantChoice, TenantNotFound } from '../access/tenant-choice';
import { NoSignIn, SignInNotFound } from '../auth.errors';
import { sessionKey } from './session-key';
import { type SessionPage, type SessionPageQuery, SessionRepository } from './session.repository';
import { SessionsService } from './sessions.service';

/** Published operations of a person on his own sign-ins. */
@Injectable()
export class OwnSessionsService {
  constructor(
    private readonly repository: SessionRepository,
    private readonly sessions: SessionsService,
    private readonly tenants: TenantChoice,
    private readonly cache: Cache,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Where the actor is signed in, newest first.
   *
   * Success: the slice and the cursor of the next. Failure: `ValidationFailed` (422) for a cursor of another list.
   */
  page(actor: Actor, query: SessionPageQuery): Promise<SessionPage> {
    return this.repository.pageOf(actor, query);
  }

  /**
   * End one of the actor's sign-ins; its sockets close.
   *
   * Success: its tokens are worth nothing from now on. Failure: `SignInNotFound` (404) for a sign-in that has ended, is
   * somebody else's, or is none.
   */
  async revoke(actor: Actor, id: string): Promise<void> {
    if (!(await this.sessions.end(actor.id, id, 'revoked'))) throw new SignInNotFound(id);
  }

  /**
   * End all of the actor's sign-ins, or all but the one that asks; their sockets close.
   *
   * Success: nothing. Failure: none of its own.
   */
  async endAll(actor: Actor, keepCurrent: boolean): Promise<void> {
    const { id, sessionId } = actor;
    const ended =
      keepCurrent && sessionId !== undefined
        ? await this.sessions.endOthersOf(id, sessionId, 'revoked')
        : await this.sessions.endAllOf(id, 'revoked');
    this.audit.note({ resourceType: 'user', resourceId: id, details: { ended } });
  }

  /**
   * Have this sign-in act for an organization from now on, or for its person himself (`null`).
   *
   * Success: its next request does. Failure: `TenantNotFound` (404) unless the actor is a member; `NoSignIn` (403).
   */
  async switchTo(actor: Actor, tenantId: string | null): Promise<void> {
    const { sessionId } = actor;
    if (sessionId === undefined) throw new NoSignIn();
    if (tenantId !== null && (await this.tenants.roleIn(tenantId, actor)) === null) throw new TenantNotFound(tenantId);
    await this.repository.switchTenant(actor, sessionId, tenantId);
    this.cache.invalidate(sessionKey(sessionId));
    this.audit.note({ resourceType: 'session', resourceId: sessionId, details: { organization_id: tenantId } });
  }

  /**
   * Have the actor's session act for its person from now on: they belong no more to the tenant that it was switched to.
   *
   * Success: its next request does; one that was switched elsewhere meanwhile stays so. Failure: none.
   */
  @Transactional()
  async fallBack(actor: Actor, left: string): Promise<void> {
    const { sessionId } = actor;
    if (sessionId === undefined || !(await this.repository.leaveTenant(actor, sessionId, left))) return;
    this.cache.invalidate(sessionKey(sessionId));
    await this.audit.append({
      action: 'session.organization_left',
      resourceType: 'session',
      resourceId: sessionId,
      details: { user_id: actor.id, organization_id: left },
    });
  }
}

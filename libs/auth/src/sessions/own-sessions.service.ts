import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Cache } from '@platform/cache';
import { Transactional } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { NoSession, SessionNotFound } from '../auth.errors';
import { sessionKey, type SessionPage, type SessionPageQuery, SessionRepository } from './session.repository';
import { SessionsService } from './sessions.service';
import { TenantChoice, TenantNotFound } from './tenant-choice';

/** Published operations of a person on their own sessions. */
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
   * The actor's sessions, newest first.
   * @returns the page and the cursor of the next
   * @throws ValidationFailed for a cursor of another list
   */
  page(actor: Actor, query: SessionPageQuery): Promise<SessionPage> {
    return this.repository.pageOf(actor, query);
  }

  /** End the session that the actor's request came with, if it did: its access token answers 401 from now on. */
  async endCurrent({ id, sessionId }: Actor): Promise<void> {
    if (sessionId === undefined) return;
    await this.sessions.end(id, 'logout', { only: sessionId });
    this.audit.note({ resourceType: 'user', resourceId: id, details: { session_id: sessionId } });
  }

  /**
   * End one of the actor's sessions; its tokens are worth nothing from now on, and its sockets close.
   * @throws SessionNotFound when it has ended, is somebody else's, or does not exist
   */
  async revoke(actor: Actor, id: string): Promise<void> {
    if ((await this.sessions.end(actor.id, 'revoked', { only: id })) === 0) throw new SessionNotFound(id);
  }

  /** End all of the actor's sessions, or all but the one that asks; their sockets close. */
  async endAll({ id, sessionId }: Actor, keepCurrent: boolean): Promise<void> {
    const ended = await this.sessions.end(id, 'revoked', keepCurrent ? { except: sessionId } : {});
    this.audit.note({ resourceType: 'user', resourceId: id, details: { ended } });
  }

  /**
   * Have this session act for an organization from its next request on, or for the person themselves (`null`).
   * @throws TenantNotFound unless the actor is a member
   * @throws NoSession
   */
  async switchTo(actor: Actor, tenantId: string | null): Promise<void> {
    const { sessionId } = actor;
    if (sessionId === undefined) throw new NoSession();
    if (tenantId !== null && (await this.tenants.roleIn(tenantId, actor)) === null) throw new TenantNotFound(tenantId);
    await this.repository.switchTenant(actor, sessionId, tenantId);
    this.cache.invalidate(sessionKey(sessionId));
    this.audit.note({ resourceType: 'session', resourceId: sessionId, details: { organization_id: tenantId } });
  }

  /**
   * Have the actor's session act for its person from its next request on: they have left the tenant that it was
   * switched to. A session that was switched elsewhere meanwhile stays so.
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

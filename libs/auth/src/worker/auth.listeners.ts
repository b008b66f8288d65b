import { Injectable } from '@nestjs/common';
import { UserDeactivated } from '@contract/users';
import { AuditLog, AuditTrail } from '@platform/audit';
import { type DomainEvent } from '@platform/kernel';
import { OnDomainEvent } from '@platform/queue';
import { SessionsService } from '../sessions/sessions.service';

/** What auth does when others report a fact. */
@Injectable()
export class AuthListeners {
  constructor(
    private readonly sessions: SessionsService,
    private readonly audit: AuditTrail,
  ) {}

  /** A person who was shut out signs in anew when let in again: old tokens stay dead. */
  @OnDomainEvent(UserDeactivated)
  @AuditLog('session.revoked')
  async endSessions({ payload }: DomainEvent<{ user_id: string; deactivated_at: string }>): Promise<void> {
    const { deactivated_at, user_id } = payload;
    // The event may come late: a sign-in after the person was let in again is not meant.
    const ended = await this.sessions.end(user_id, 'deactivated', { before: new Date(deactivated_at) });
    this.audit.note({ resourceType: 'user', resourceId: user_id, details: { ended } });
  }
}

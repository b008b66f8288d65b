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
  async endSessions({ payload }: DomainEvent<{ user_id: string }>): Promise<void> {
    const ended = await this.sessions.endAllOf(payload.user_id, 'deactivated');
    this.audit.note({ resourceType: 'user', resourceId: payload.user_id, details: { ended } });
  }
}

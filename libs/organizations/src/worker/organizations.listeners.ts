import { Injectable } from '@nestjs/common';
import { UserErased } from '@contract/users';
import { AuditLog, AuditTrail } from '@platform/audit';
import { OnDomainEvent } from '@platform/queue';
import { OrganizationErasure } from '../organization-erasure';

/** What organizations does when others report a fact. */
@Injectable()
export class OrganizationsListeners {
  constructor(
    private readonly erasure: OrganizationErasure,
    private readonly audit: AuditTrail,
  ) {}

  /** An organization whose only member is gone is deleted as by its owner. */
  @OnDomainEvent(UserErased)
  @AuditLog('organization.abandoned')
  async closeAbandoned(): Promise<void> {
    this.audit.note({ details: { closed: await this.erasure.closeAbandoned() } });
  }
}

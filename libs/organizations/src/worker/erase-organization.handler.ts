import { Injectable } from '@nestjs/common';
import { AuditLog, AuditTrail } from '@platform/audit';
import { JobHandler } from '@platform/queue';
import { EraseOrganization } from '../contract';
import { OrganizationErasure } from '../organization-erasure';

/** Erases deleted organizations. */
@Injectable()
export class EraseOrganizationHandler {
  constructor(
    private readonly erasure: OrganizationErasure,
    private readonly audit: AuditTrail,
  ) {}

  /** Erase the organization with all that it owns; again later, for what was under way when it was deleted. */
  @JobHandler(EraseOrganization)
  @AuditLog('organization.erased')
  async erase({ organization_id }: { organization_id: string }): Promise<void> {
    const rows = await this.erasure.erase(organization_id);
    this.audit.note({ resourceType: 'organization', resourceId: organization_id, details: { rows } });
  }
}

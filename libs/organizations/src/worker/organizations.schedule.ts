import { Injectable } from '@nestjs/common';
import { AuditLog, AuditTrail } from '@platform/audit';
import { Cron } from '@platform/queue';
import { InvitationsService } from '../invitations/invitations.service';

/** What happens to organizations at set times. */
@Injectable()
export class OrganizationsSchedule {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly audit: AuditTrail,
  ) {}

  /** Forget the addresses of invitations that expired a month ago, nightly. */
  @Cron('35 3 * * *', { name: 'organizations.purge-invitations' })
  @AuditLog('invitation.purge')
  async purgeInvitations(): Promise<void> {
    this.audit.note({ details: { purged: await this.invitations.purge() } });
  }
}

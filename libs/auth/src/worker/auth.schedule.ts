import { Injectable } from '@nestjs/common';
import { AuditLog, AuditTrail } from '@platform/audit';
import { Cron } from '@platform/queue';
import { SessionsService } from '../sessions/sessions.service';

/** What happens to sign-ins at set times. */
@Injectable()
export class AuthSchedule {
  constructor(
    private readonly sessions: SessionsService,
    private readonly audit: AuditTrail,
  ) {}

  /** Remove expired sign-ins and refresh tokens, nightly. */
  @Cron('15 3 * * *', { name: 'auth.purge-expired' })
  @AuditLog('session.purge')
  async purgeExpired(): Promise<void> {
    this.audit.note({ details: { purged: await this.sessions.purgeExpired() } });
  }
}

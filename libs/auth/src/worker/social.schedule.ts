import { Injectable } from '@nestjs/common';
import { AuditLog, AuditTrail } from '@platform/audit';
import { Cron } from '@platform/queue';
import { SocialSignInRepository } from '../social/social-sign-in.repository';

/** What happens to sign-ins at other providers at set times. */
@Injectable()
export class SocialSchedule {
  constructor(
    private readonly returned: SocialSignInRepository,
    private readonly audit: AuditTrail,
  ) {}

  /** Remove one-time codes that nobody used, nightly. */
  @Cron('25 3 * * *', { name: 'auth.purge-social-sign-ins' })
  @AuditLog('social_sign_in.purge')
  async purgeExpired(): Promise<void> {
    this.audit.note({ details: { purged: await this.returned.purgeExpired() } });
  }
}

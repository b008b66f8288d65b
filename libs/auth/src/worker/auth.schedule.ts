import { Injectable } from '@nestjs/common';
import { AuditLog, AuditTrail } from '@platform/audit';
import { Cron } from '@platform/queue';
import { ApiKeysService } from '../api-keys/api-keys.service';
import { SessionsService } from '../sessions/sessions.service';

/** What happens to sign-ins at set times. */
@Injectable()
export class AuthSchedule {
  constructor(
    private readonly sessions: SessionsService,
    private readonly apiKeys: ApiKeysService,
    private readonly audit: AuditTrail,
  ) {}

  /** Remove expired sign-ins and refresh tokens, nightly. */
  @Cron('15 3 * * *', { name: 'auth.purge-expired' })
  @AuditLog('session.purge')
  async purgeExpired(): Promise<void> {
    this.audit.note({ details: { purged: await this.sessions.purgeExpired() } });
  }

  /** Remove API keys that ended a month ago, nightly. */
  @Cron('25 3 * * *', { name: 'auth.purge-api-keys' })
  @AuditLog('api_key.purge')
  async purgeApiKeys(): Promise<void> {
    this.audit.note({ details: { purged: await this.apiKeys.purgeEnded() } });
  }
}

import { Injectable } from '@nestjs/common';
import { AuditLog, AuditTrail } from '@platform/audit';
import { Cron } from '@platform/queue';
import { ApiKeysService } from '../api-keys/api-keys.service';
import { SigningKeysService } from '../tokens/signing-keys.service';

/** What happens to keys at set times: those that sign our tokens, and those that people make for programs. */
@Injectable()
export class KeysSchedule {
  constructor(
    private readonly signingKeys: SigningKeysService,
    private readonly apiKeys: ApiKeysService,
    private readonly audit: AuditTrail,
  ) {}

  /** Remove signing keys that have retired, nightly. */
  @Cron('25 3 * * *', { name: 'auth.purge-signing-keys' })
  @AuditLog('signing_key.purge')
  async purgeSigningKeys(): Promise<void> {
    this.audit.note({ details: { purged: await this.signingKeys.purgeRetired() } });
  }

  /** Remove API keys that ended a month ago, nightly. */
  @Cron('35 3 * * *', { name: 'auth.purge-api-keys' })
  @AuditLog('api_key.purge')
  async purgeApiKeys(): Promise<void> {
    this.audit.note({ details: { purged: await this.apiKeys.purgeEnded() } });
  }
}

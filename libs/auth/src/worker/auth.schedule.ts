import { Injectable } from '@nestjs/common';
import { AuditLog, AuditTrail, NoAudit } from '@platform/audit';
import { Cron } from '@platform/queue';
import { ApiKeysService } from '../api-keys/api-keys.service';
import { LoginThrottle } from '../login-throttle/login-throttle';
import { OneTimeTokenRepository } from '../one-time-tokens/one-time-token.repository';
import { SessionsService } from '../sessions/sessions.service';
import { SigningKeysService } from '../signing-keys/signing-keys.service';

/** What happens to sign-ins and their keys at set times. */
const PURGE_BATCH = 500;

/** What happens to sign-ins, and to what leads to them, at set times. */
@Injectable()
export class AuthSchedule {
  constructor(
    private readonly sessions: SessionsService,
    private readonly keys: SigningKeysService,
    private readonly apiKeys: ApiKeysService,
    private readonly tokens: OneTimeTokenRepository,
    private readonly throttle: LoginThrottle,
    private readonly audit: AuditTrail,
  ) {}

  /** Remove expired sign-ins and refresh tokens, nightly. */
  @Cron('15 3 * * *', { name: 'auth.purge-expired' })
  @AuditLog('session.purge')
  async purgeExpired(): Promise<void> {
    this.audit.note({ details: { purged: await this.sessions.purgeExpired() } });
  }

  /** Remove signing keys that have retired, nightly. */
  @Cron('25 3 * * *', { name: 'auth.purge-signing-keys' })
  @AuditLog('signing_key.purge')
  async purgeSigningKeys(): Promise<void> {
    this.audit.note({ details: { purged: await this.keys.purgeRetired() } });
  /** Remove API keys that ended a month ago, nightly. */
  @Cron('25 3 * * *', { name: 'auth.purge-api-keys' })
  @AuditLog('api_key.purge')
  async purgeApiKeys(): Promise<void> {
    this.audit.note({ details: { purged: await this.apiKeys.purgeEnded() } });
  /** Remove expired links and challenges, and guesses that nobody repeated for a day, nightly. */
  @Cron('25 3 * * *', { name: 'auth.purge-attempts' })
  @NoAudit('what is gone was worth nothing any more and belongs to no act')
  async purgeAttempts(): Promise<void> {
    while ((await this.tokens.purge(PURGE_BATCH)) === PURGE_BATCH);
    while ((await this.throttle.purge(PURGE_BATCH)) === PURGE_BATCH);
  }
}

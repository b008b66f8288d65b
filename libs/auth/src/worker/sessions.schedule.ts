import { Injectable } from '@nestjs/common';
import { AuditLog, AuditTrail, NoAudit } from '@platform/audit';
import { Cron } from '@platform/queue';
import { LoginThrottle } from '../login-throttle/login-throttle';
import { OneTimeTokenRepository } from '../links/one-time-token.repository';
import { SessionsService } from '../sessions/sessions.service';
import { OidcSignInRepository } from '../oidc/oidc-sign-in.repository';

/** What happens to sessions, and to what leads to them, at set times. */
@Injectable()
export class SessionsSchedule {
  constructor(
    private readonly sessions: SessionsService,
    private readonly tokens: OneTimeTokenRepository,
    private readonly throttle: LoginThrottle,
    private readonly returned: OidcSignInRepository,
    private readonly audit: AuditTrail,
  ) {}

  /** Remove expired sessions and refresh tokens, nightly. */
  @Cron('15 3 * * *', { name: 'auth.purge-expired' })
  @AuditLog('session.purge')
  async purgeExpired(): Promise<void> {
    this.audit.note({ details: { purged: await this.sessions.purgeExpired() } });
  }

  /** Remove expired links, challenges and codes, and guesses that nobody repeated for a day, nightly. */
  @Cron('25 3 * * *', { name: 'auth.purge-attempts' })
  @NoAudit('what is gone was worth nothing any more and belongs to no act')
  async purgeAttempts(): Promise<void> {
    await this.tokens.purge();
    await this.throttle.purge();
    await this.returned.purge();
  }
}

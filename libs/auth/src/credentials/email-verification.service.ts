import { Injectable } from '@nestjs/common';
import { type User, UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { CoreConfig } from '@platform/config';
import { Transactional } from '@platform/database';
import { AuthConfig } from '../auth.config';
import { EmailNotVerified, LinkNotGood } from '../auth.errors';
import { OneTimeTokenRepository } from '../one-time-tokens/one-time-token.repository';

/** Published operations on the proof that an address is the account's. */
@Injectable()
export class EmailVerificationService {
  /** Whether a password lets nobody in before the address is verified. */
  readonly isRequired: boolean;

  constructor(
    private readonly users: UserDirectory,
    private readonly tokens: OneTimeTokenRepository,
    private readonly audit: AuditTrail,
    config: AuthConfig,
    core: CoreConfig,
  ) {
    this.isRequired = config.verifiesEmail(core);
  }

  /** @throws EmailNotVerified where `AUTH_REQUIRE_VERIFIED_EMAIL` holds and nobody proved the address */
  check(user: User): void {
    if (this.isRequired && user.emailVerifiedAt === null) throw new EmailNotVerified();
  }

  /**
   * Use the link of a verification mail.
   *
   * Success: the address is verified, unless the account has another one by now. Failure: `LinkNotGood` (401).
   */
  @Transactional()
  async verify(token: string): Promise<void> {
    const owner = await this.tokens.use(token, 'verify_email');
    if (!owner) throw new LinkNotGood();
    await this.users.verifyEmail(owner.userId, owner.email);
    this.audit.note({ resourceType: 'user', resourceId: owner.userId });
  }
}

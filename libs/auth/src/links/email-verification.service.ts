import { Injectable } from '@nestjs/common';
import { type User } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { CoreConfig } from '@platform/config';
import { Transactional } from '@platform/database';
import { AuthConfig } from '../auth.config';
import { EmailNotVerified } from '../auth.errors';
import { LinkProofs } from './link-proofs';

/** Published operations on the proof that an address is the account's. */
@Injectable()
export class EmailVerificationService {
  /** Whether a password lets nobody in before the address is verified. */
  readonly isRequired: boolean;

  constructor(
    private readonly links: LinkProofs,
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
   * Use the link of a verification mail. It says that who registered was the reader, so what the account was made with
   * stays: its password, or its identity at a provider. What else was set up before ends.
   * @throws InvalidLink
   */
  @Transactional()
  async verify(token: string): Promise<void> {
    const { ended, user } = await this.links.use(token, 'verify_email', { waysIn: 'first' });
    this.audit.note({ resourceType: 'user', resourceId: user.id, details: { ended } });
  }
}

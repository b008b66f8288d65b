import { Injectable } from '@nestjs/common';
import { type User, UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { LinkNotGood } from '../auth.errors';
import { type TokenOwner } from '../one-time-tokens/one-time-token.repository';
import { SecondFactorRepository } from '../second-factor/second-factor.repository';
import { SessionsService } from '../sessions/sessions.service';
import { LocalCredentials } from './local-credentials';

/** What somebody showed when he used a link. */
export interface AddressProof {
  readonly user: User;
  /** Whether nobody had proved the address before. */
  readonly isFirst: boolean;
}

/**
 * What follows when somebody shows that mail to the address of an account reaches him. Inside the caller's transaction.
 *
 * An account whose address nobody had proved may have been made by a stranger who waits for its owner to come. So when
 * the first proof is a way in, whatever was set up before it goes: sign-ins, second factor and password.
 */
@Injectable()
export class AddressProofs {
  constructor(
    private readonly users: UserDirectory,
    private readonly credentials: LocalCredentials,
    private readonly factors: SecondFactorRepository,
    private readonly sessions: SessionsService,
    private readonly audit: AuditTrail,
  ) {}

  /** By a link that sets a password: every sign-in ends. @throws LinkNotGood when the account has another address by now */
  async byReset(owner: TokenOwner): Promise<AddressProof> {
    const proof = await this.proof(owner);
    if (proof.isFirst) await this.factors.remove(owner.userId);
    await this.sessions.endAllOf(owner.userId, 'password_changed');
    await this.record(proof);
    return proof;
  }

  /** By a link that signs in. @throws LinkNotGood as {@link byReset} */
  async byMagicLink(owner: TokenOwner): Promise<AddressProof> {
    const proof = await this.proof(owner);
    if (proof.isFirst) {
      await this.factors.remove(owner.userId);
      await this.credentials.remove(owner.userId);
      await this.sessions.endAllOf(owner.userId, 'password_changed');
    }
    await this.record(proof);
    return proof;
  }

  private async proof({ email, userId }: TokenOwner): Promise<AddressProof> {
    const user = await this.users.byId(userId);
    if (user?.email !== email) throw new LinkNotGood();
    return { user, isFirst: await this.users.verifyEmail(userId, email) };
  }

  private async record({ isFirst, user }: AddressProof): Promise<void> {
    if (!isFirst) return;
    await this.audit.append({ action: 'user.email_verified', resourceType: 'user', resourceId: user.id });
  }
}

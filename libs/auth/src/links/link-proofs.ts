import { Injectable } from '@nestjs/common';
import { type AddressProof, AddressProofs, type ProofBasis } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { InvalidLink } from '../auth.errors';
import { type LinkPurpose, OneTimeTokenRepository } from './one-time-token.repository';

/** Who uses a link holds the mailbox that it was sent to. */
@Injectable()
export class LinkProofs {
  constructor(
    private readonly tokens: OneTimeTokenRepository,
    private readonly proofs: AddressProofs,
    private readonly audit: AuditTrail,
  ) {}

  /** For refusing before slow work: a link stays good. @throws InvalidLink unless it is good now */
  async mustBeGood(token: string, purpose: LinkPurpose): Promise<void> {
    if (!(await this.tokens.find(token, purpose))) throw new InvalidLink();
  }

  /**
   * Use a link up, in the caller's transaction, which holds the account from then on.
   * @param basis what stays if nobody had proved the address before
   * @throws InvalidLink when it is used, expired, none of ours, or the account has another address by now
   */
  async use(token: string, purpose: LinkPurpose, basis: ProofBasis): Promise<AddressProof> {
    const owner = await this.tokens.find(token, purpose);
    // The account before the link: whoever changes an account locks in this order.
    const proof = owner && (await this.proofs.prove(owner.userId, owner.email, basis));
    if (!proof || !(await this.tokens.use(token, purpose))) throw new InvalidLink();
    return proof;
  }

  /** Record a proof that came along with something else; last in its transaction. */
  async record({ ended, isFirst, user }: AddressProof): Promise<void> {
    if (!isFirst) return;
    const about = { resourceType: 'user', resourceId: user.id, details: { ended } };
    await this.audit.append({ action: 'user.email_verified', ...about });
  }
}

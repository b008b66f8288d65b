import { Injectable } from '@nestjs/common';
import { Transactional } from '@platform/database';
import { Clock } from '@platform/kernel';
import { Jobs } from '@platform/queue';
import { SendAddressProvedMail } from '../contract';
import { type User } from '../entities/user.entity';
import { UserRepository } from '../user.repository';
import { type EndedSetUp, FirstProofs, type ProofBasis } from './first-proofs';

/** What came of a proof. */
export interface AddressProof {
  /** The account as it is now. */
  readonly user: User;
  /** Whether nobody had proved the address before. */
  readonly isFirst: boolean;
  /** What was set up before the first proof and ended with it. */
  readonly ended: EndedSetUp;
}

/** Notes that people hold the addresses of their accounts; before there is an actor, as `UserDirectory`. */
@Injectable()
export class AddressProofs {
  constructor(
    private readonly users: UserRepository,
    private readonly firstProofs: FirstProofs,
    private readonly jobs: Jobs,
    private readonly clock: Clock,
  ) {}

  /**
   * Note that the person has proved to hold the address. The account is locked until the caller's transaction ends; so
   * call it before other rows of the account are touched. With the first proof ends what was set up before, less what
   * `basis` keeps, and the person is told by mail.
   * @returns null when the account is gone, or has another address by now
   */
  @Transactional()
  async prove(userId: string, email: string, basis: ProofBasis): Promise<AddressProof | null> {
    const user = await this.users.lockById(userId);
    if (user?.email !== email) return null;
    if (user.emailVerifiedAt !== null) return { user, isFirst: false, ended: {} };
    await this.users.verifyEmail(user, this.clock.now());
    const { ended, isNews } = await this.firstProofs.end(userId, basis);
    if (isNews) await this.jobs.enqueue(SendAddressProvedMail, { user_id: userId, ended }, { key: userId });
    return { user, isFirst: true, ended };
  }
}

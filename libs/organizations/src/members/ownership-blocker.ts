import { Injectable } from '@nestjs/common';
import { DeletionBlocker } from '@omni/users';
import { MemberRepository } from './member.repository';

/** Holds accounts that an organization with other members cannot do without. */
@Injectable()
export class OwnershipBlocker extends DeletionBlocker {
  constructor(private readonly members: MemberRepository) {
    super();
  }

  /**
   * A sentence for each organization whose only owner the person is while it has other members. The organizations are
   * held until the caller's transaction ends: nobody joins one that is about to lose its owner, and two owners do not go
   * at once.
   */
  async reasons(userId: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { id, name } of await this.members.lockOwned(userId)) {
      const { members, otherOwners } = await this.members.count(id, userId);
      if (otherOwners === 0 && members > 1) {
        found.push(`You are the only owner of the organization "${name}": transfer or delete it first`);
      }
    }
    return found;
  }
}

import { Injectable } from '@nestjs/common';
import { DeletionBlocker } from '@omni/users';
import { OrganizationRepository } from '../organization.repository';
import { MemberRepository } from './member.repository';

/** Holds accounts that an organization with other members cannot do without. */
@Injectable()
export class OwnershipBlocker extends DeletionBlocker {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly members: MemberRepository,
  ) {
    super();
  }

  /**
   * A sentence for each organization whose only owner the person is while it has other members. The organizations are
   * held until the caller's transaction ends: nobody joins one that is about to lose its owner, and two owners do not go
   * at once.
   */
  async reasons(userId: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { id, name } of await this.organizations.lockOwned(userId)) {
      if ((await this.members.hasOtherOwner(id, userId)) || (await this.members.count(id)) === 1) continue;
      found.push(`You are the only owner of the organization "${name}": transfer or delete it first`);
    }
    return found;
  }
}

import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { Events } from '@platform/queue';
import { MemberJoined, type OrganizationRole } from '../contract';
import { MemberRepository } from '../members/member.repository';
import { AlreadyMember, OrganizationNotFound } from '../organizations.errors';
import { Seats } from './seats';

/** Who may join an organization that the caller holds. */
@Injectable()
export class Joins {
  constructor(
    private readonly users: UserDirectory,
    private readonly members: MemberRepository,
    private readonly seats: Seats,
    private readonly events: Events,
  ) {}

  /** Hold a seat for a person who is invited. @throws AlreadyMember, SeatLimitReached */
  async mustExpect(organizationId: string, email: string): Promise<void> {
    const user = await this.users.byEmail(email);
    if (user && (await this.members.find(organizationId, user.id))) throw new AlreadyMember();
    await this.seats.mustReserve(organizationId);
  }

  /**
   * Let in a person who was invited, and publish `MemberJoined`; a member stays as they are.
   * @throws SeatLimitReached, and OrganizationNotFound when the account of its last owner went a moment ago
   */
  async admit(organizationId: string, userId: string, role: OrganizationRole): Promise<void> {
    if (await this.members.find(organizationId, userId)) return;
    const { otherOwners } = await this.members.count(organizationId, userId);
    if (otherOwners === 0) throw new OrganizationNotFound(organizationId);
    await this.seats.mustTake(organizationId);
    await this.members.add(organizationId, userId, role);
    await this.events.publish(new MemberJoined({ organization_id: organizationId, user_id: userId, role }));
  }
}

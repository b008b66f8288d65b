import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { BoundPort } from '@platform/security';
import { MemberRepository } from '../members/member.repository';
import { OrganizationsConfig } from '../organizations.config';
import { SeatLimitReached } from '../organizations.errors';
import { InvitationRepository } from './invitation.repository';
import { SeatAllowance } from './seat-allowance';

/**
 * Counts seats: a member holds one, and so does an open invitation. Exact, because whoever takes one holds the
 * organization until the transaction ends.
 */
@Injectable()
export class Seats {
  private readonly allowance: BoundPort<SeatAllowance>;

  constructor(
    modules: ModuleRef,
    private readonly config: OrganizationsConfig,
    private readonly members: MemberRepository,
    private readonly invitations: InvitationRepository,
  ) {
    this.allowance = new BoundPort(modules, SeatAllowance);
  }

  /** Hold a seat for somebody who is invited. @throws SeatLimitReached when all are held */
  async mustReserve(organizationId: string): Promise<void> {
    const members = await this.members.count(organizationId);
    await this.mustAllow(organizationId, members + (await this.invitations.countOpen(organizationId)));
  }

  /**
   * Take the seat that an invitation held. The allowance may have shrunk since: members alone count, so that the first
   * who come get what is left. @throws SeatLimitReached when the members fill it
   */
  async mustTake(organizationId: string): Promise<void> {
    await this.mustAllow(organizationId, await this.members.count(organizationId));
  }

  private async mustAllow(organizationId: string, used: number): Promise<void> {
    const allowance = this.allowance.get();
    const limit = allowance ? await allowance.seatsOf(organizationId) : this.config.maxSeats;
    if (limit !== null && used >= limit) throw new SeatLimitReached(limit, used);
  }
}

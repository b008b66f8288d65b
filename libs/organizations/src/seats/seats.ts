import { Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { InvitationRepository } from '../invitations/invitation.repository';
import { MemberRepository } from '../members/member.repository';
import { OrganizationsConfig } from '../organizations.config';
import { SeatLimitReached } from '../organizations.errors';
import { SeatAllowance } from './seat-allowance';

const NOBODY = '00000000-0000-0000-0000-000000000000';

/**
 * Counts seats: a member holds one, and so does an open invitation. Exact, because whoever takes one holds the
 * organization until the transaction ends.
 */
@Injectable()
export class Seats {
  private port?: SeatAllowance | null;

  constructor(
    private readonly modules: ModuleRef,
    private readonly config: OrganizationsConfig,
    private readonly members: MemberRepository,
    private readonly invitations: InvitationRepository,
  ) {}

  /** Hold a seat for somebody who is invited. @throws SeatLimitReached when all are held */
  async mustReserve(organizationId: string): Promise<void> {
    const { members } = await this.members.count(organizationId, NOBODY);
    await this.mustAllow(organizationId, members + (await this.invitations.countOpen(organizationId)));
  }

  /**
   * Take the seat that an invitation held. The allowance may have shrunk since: members alone count, so that the first
   * who come get what is left. @throws SeatLimitReached when the members fill it
   */
  async mustTake(organizationId: string): Promise<void> {
    const { members } = await this.members.count(organizationId, NOBODY);
    await this.mustAllow(organizationId, members);
  }

  private async mustAllow(organizationId: string, used: number): Promise<void> {
    const allowance = this.allowance();
    const limit = allowance ? await allowance.seatsOf(organizationId) : this.config.maxSeats;
    if (limit !== null && used >= limit) throw new SeatLimitReached(limit, used);
  }

  /** The port as a domain binds it, wherever in the graph it does; null where no domain does. */
  private allowance(): SeatAllowance | null {
    if (this.port !== undefined) return this.port;
    try {
      // Nest takes abstract classes as tokens, its type for them does not.
      this.port = this.modules.get<SeatAllowance>(SeatAllowance as unknown as Type<SeatAllowance>, { strict: false });
    } catch {
      // Nest has no way to ask without throwing.
      this.port = null;
    }
    return this.port;
  }
}

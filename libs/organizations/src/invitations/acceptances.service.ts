import { Injectable } from '@nestjs/common';
import { AddressProofs } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, NotFound, personScope } from '@platform/kernel';
import { Events } from '@platform/queue';
import { MemberJoined } from '../contract';
import { type Invitation } from '../entities/invitation.entity';
import { MemberRepository } from '../members/member.repository';
import { OrganizationRepository, type OwnOrganization } from '../organization.repository';
import { InvitationClosed, InvitationForAnother } from '../organizations.errors';
import { InvitationRepository } from './invitation.repository';
import { Seats } from './seats';

/** The published operation for people who were invited. */
@Injectable()
export class AcceptancesService {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly invitations: InvitationRepository,
    private readonly members: MemberRepository,
    private readonly seats: Seats,
    private readonly proofs: AddressProofs,
    private readonly events: Events,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Become a member by a token that was mailed to the address of the actor's account; publishes `MemberJoined`. Somebody
   * who is a member already keeps the role. To hold the token proves the address as the mail of a verification does, so
   * an address that was not proved yet is from now on, and what was set up before ends, but for the session that asks
   * and the ways in.
   * @returns the organization with the actor's role
   * @throws NotFound (404) for a token that nobody was sent, or that a later mail has replaced; InvitationForAnother (403)
   * when it was sent to another address; InvitationClosed (410) when it was accepted, revoked or has expired;
   * SeatLimitReached (403)
   */
  @Transactional()
  async accept(actor: Actor, token: string): Promise<OwnOrganization> {
    const found = await this.invitations.findByToken(token);
    if (!found) throw new NotFound('Invitation', 'of this token');
    const person = personScope(actor);
    // The account before the organization, as everywhere. The actor came by a way in of the account's: those stay.
    const proof = await this.proofs.prove(person, found.email, { sessionId: actor.sessionId, waysIn: 'all' });
    if (!proof) throw new InvitationForAnother();
    const invitation = await this.mustLock(found, token);
    const { id, organizationId, role } = invitation;
    await this.admit(invitation, person);
    await this.invitations.accept(invitation, person);
    this.audit.note({
      resourceType: 'organization',
      resourceId: organizationId,
      details: { invitation_id: id, role, ...(proof.isFirst && { email_verified: true, ended: proof.ended }) },
    });
    return this.organizations.mustFind(actor, organizationId);
  }

  /** The invitation as it is now that its organization is held, so that of two who come at once one is second. */
  private async mustLock({ id, organizationId }: Invitation, token: string): Promise<Invitation> {
    const isOpen = await this.organizations.hasLocked(organizationId);
    const invitation = isOpen ? await this.invitations.findByToken(token) : null;
    if (!invitation) throw new NotFound('Invitation', id);
    const state = this.invitations.stateOf(invitation);
    if (state !== 'open') throw new InvitationClosed(state);
    return invitation;
  }

  /** @throws SeatLimitReached, and NotFound when the account of the last owner went a moment ago */
  private async admit({ organizationId, role }: Invitation, userId: string): Promise<void> {
    if (await this.members.find(organizationId, userId)) return;
    if (!(await this.members.hasOtherOwner(organizationId, userId))) throw new NotFound('Organization', organizationId);
    await this.seats.mustTake(organizationId);
    await this.members.join(organizationId, userId, role);
    await this.events.publish(new MemberJoined({ organization_id: organizationId, user_id: userId, role }));
  }
}

import { Injectable } from '@nestjs/common';
import { AddressProofs, UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, personScope } from '@platform/kernel';
import { type Invitation } from '../entities/invitation.entity';
import { OrganizationRepository, type OwnOrganization } from '../organization.repository';
import { InvitationClosed, InvitationForAnother, InvitationNotFound } from '../organizations.errors';
import { Joins } from './joins';
import { InvitationRepository } from './invitation.repository';

/** The published operation for people who were invited. */
@Injectable()
export class AcceptancesService {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly invitations: InvitationRepository,
    private readonly joins: Joins,
    private readonly users: UserDirectory,
    private readonly proofs: AddressProofs,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Become a member by a token that was mailed to the address of the actor's account. To hold it proves the address as
   * the mail of a verification does, so an address that was not proved yet is from now on, and what was set up before
   * ends, but for the sign-in that asks and the ways in.
   *
   * @returns the organization with the actor's role, and `MemberJoined`; a member keeps their role
   * @throws InvitationNotFound (404) for a token that nobody was sent, or that a later mail has replaced
   * @throws InvitationForAnother (403) when it was sent to another address
   * @throws InvitationClosed (410) when it was accepted, revoked or has expired
   * @throws SeatLimitReached (403)
   */
  @Transactional()
  async accept(actor: Actor, token: string): Promise<OwnOrganization> {
    const found = await this.invitations.findByToken(token);
    const user = found && (await this.users.byId(personScope(actor)));
    if (!found || !user) throw new InvitationNotFound('of this token');
    if (user.email !== found.email) throw new InvitationForAnother();
    // The account before the organization, as everywhere. Who is here came by a way in of the account's: those stay.
    const proof = await this.proofs.prove(user.id, user.email, { sessionId: actor.sessionId, waysIn: 'all' });
    const invitation = await this.mustLock(found, token);
    const { id, organizationId, role } = invitation;
    await this.joins.admit(organizationId, user.id, role);
    await this.invitations.accept(invitation, user.id);
    this.audit.note({
      resourceType: 'organization',
      resourceId: organizationId,
      details: { invitation_id: id, role, ...(proof?.isFirst && { email_verified: true, ended: proof.ended }) },
    });
    return this.organizations.mustFind(actor, organizationId);
  }

  /** The invitation as it is now that its organization is held, so that of two who come at once one is second. */
  private async mustLock({ id, organizationId }: Invitation, token: string): Promise<Invitation> {
    const isOpen = await this.organizations.lock(organizationId);
    const invitation = isOpen ? await this.invitations.findByToken(token) : null;
    if (!invitation) throw new InvitationNotFound(id);
    const state = this.invitations.stateOf(invitation);
    if (state !== 'open') throw new InvitationClosed(state);
    return invitation;
  }
}

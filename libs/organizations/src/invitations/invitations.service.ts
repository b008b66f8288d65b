import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, personScope } from '@platform/kernel';
import { Jobs } from '@platform/queue';
import { EMAIL_ADDRESS } from '@platform/security';
import { type InvitableRole, SendInvitationMail } from '../contract';
import { type Invitation } from '../entities/invitation.entity';
import { type Slice, type SliceQuery } from '../organization-page';
import { mustBeAtLeast } from '../organization-rights';
import { OrganizationRepository } from '../organization.repository';
import { Joins } from './joins';
import { InvitationRepository } from './invitation.repository';

/** Published operations on invitations, for the admins of the organization. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly invitations: InvitationRepository,
    private readonly joins: Joins,
    private readonly jobs: Jobs,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * A page of what one of the actor's organizations waits for, expired invitations included, newest first.
   *
   * @returns the page, the count of all and the cursor of the next
   * @throws OrganizationNotFound (404)
   * @throws OrganizationRoleRequired (403) below admin
   * @throws ValidationFailed (422) for a cursor of another list
   */
  async page(actor: Actor, organizationId: string, query: SliceQuery): Promise<Slice<Invitation>> {
    const { role } = await this.organizations.mustFind(actor, organizationId);
    mustBeAtLeast('admin', role);
    return this.invitations.pageOf(organizationId, query);
  }

  /**
   * Invite an address, by mail. Only an owner invites an admin. An expired invitation to the address is replaced.
   *
   * @returns the invitation, and one mail on its way
   * @throws OrganizationNotFound (404)
   * @throws OrganizationRoleRequired (403)
   * @throws AlreadyMember, InvitationOpen (409)
   * @throws SeatLimitReached (403)
   * @throws InvitationJustSent (429)
   */
  @Transactional()
  async invite(
    actor: Actor,
    organizationId: string,
    input: { email: string; role: InvitableRole },
  ): Promise<Invitation> {
    const own = await this.organizations.mustLock(actor, organizationId);
    mustBeAtLeast(input.role === 'admin' ? 'owner' : 'admin', own.role);
    const email = EMAIL_ADDRESS.normalise(input.email);
    await this.joins.mustExpect(organizationId, email);
    const invitedBy = personScope(actor);
    const invitation = await this.invitations.add({ organizationId, email, role: input.role, invitedBy });
    await this.mail(invitation);
    this.audit.note({ details: { invitation_id: invitation.id, role: input.role } });
    return invitation;
  }

  /**
   * Mail an invitation again, with a new token and the whole of its time; earlier mails are worth nothing.
   *
   * @returns the invitation, and one mail on its way
   * @throws as {@link invite}
   * @throws InvitationNotFound (404)
   */
  @Transactional()
  async resend(actor: Actor, organizationId: string, id: string): Promise<Invitation> {
    const invitation = await this.mustLock(actor, organizationId, id);
    // One that has expired has lost its seat.
    if (this.invitations.stateOf(invitation) === 'expired') {
      await this.joins.mustExpect(organizationId, invitation.email);
    }
    await this.invitations.renew(invitation);
    await this.mail(invitation);
    this.audit.note({ details: { invitation_id: id } });
    return invitation;
  }

  /**
   * Take an invitation back: nobody can accept it any more.
   *
   * @throws as {@link resend}
   */
  @Transactional()
  async revoke(actor: Actor, organizationId: string, id: string): Promise<void> {
    await this.invitations.revoke(await this.mustLock(actor, organizationId, id));
    this.audit.note({ details: { invitation_id: id } });
  }

  private async mustLock(actor: Actor, organizationId: string, id: string): Promise<Invitation> {
    const { role } = await this.organizations.mustLock(actor, organizationId);
    mustBeAtLeast('admin', role);
    const invitation = await this.invitations.mustFindPending(organizationId, id);
    if (invitation.role === 'admin') mustBeAtLeast('owner', role);
    return invitation;
  }

  private async mail({ id, version }: Invitation): Promise<void> {
    await this.jobs.enqueue(SendInvitationMail, { invitation_id: id, version }, { key: `${id}:${version}` });
  }
}

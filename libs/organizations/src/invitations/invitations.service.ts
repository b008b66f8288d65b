import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor, Clock, type Page, type PageQuery, personScope } from '@platform/kernel';
import { Jobs } from '@platform/queue';
import { EMAIL_ADDRESS } from '@platform/security';
import { type InvitableRole, SendInvitationMail } from '../contract';
import { type Invitation } from '../entities/invitation.entity';
import { MemberRepository } from '../members/member.repository';
import { mustBeAtLeast } from '../organization-rights';
import { OrganizationRepository } from '../organization.repository';
import { AlreadyMember } from '../organizations.errors';
import { InvitationRepository } from './invitation.repository';
import { Seats } from './seats';

/** An address that nobody can be invited by any more is of no use: it stays a month, for people who ask what became of it. */
const RETENTION_MS = 30 * 86_400_000;

/** Published operations on invitations, for the admins of the organization. */
@Injectable()
export class InvitationsService {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly invitations: InvitationRepository,
    private readonly members: MemberRepository,
    private readonly seats: Seats,
    private readonly users: UserDirectory,
    private readonly jobs: Jobs,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * A page of what one of the actor's organizations waits for, expired invitations included, newest first.
   * @throws NotFound (404); OrganizationRoleRequired (403) below admin; ValidationFailed (422) for a cursor of another list
   */
  async page(actor: Actor, organizationId: string, query: PageQuery): Promise<Page<Invitation>> {
    await this.organizations.mustFind(actor, organizationId, 'admin');
    return this.invitations.pageOf(organizationId, query);
  }

  /**
   * Invite an address, by mail. Only an owner invites an admin. An expired invitation to the address is replaced.
   * @throws NotFound (404); OrganizationRoleRequired (403); AlreadyMember, InvitationOpen (409); SeatLimitReached (403);
   * InvitationJustSent (429)
   */
  @Transactional()
  async invite(
    actor: Actor,
    organizationId: string,
    input: { email: string; role: InvitableRole },
  ): Promise<Invitation> {
    const { role } = input;
    await this.organizations.mustLock(actor, organizationId, role === 'admin' ? 'owner' : 'admin');
    const email = EMAIL_ADDRESS.normalise(input.email);
    await this.mustExpect(organizationId, email);
    const invitation = await this.invitations.invite({ organizationId, email, role, invitedBy: personScope(actor) });
    await this.mail(invitation);
    this.audit.note({ details: { invitation_id: invitation.id, role } });
    return invitation;
  }

  /**
   * Mail an invitation again, with a new token and the whole of its time; earlier mails are worth nothing.
   * @throws as {@link invite}
   */
  @Transactional()
  async resend(actor: Actor, organizationId: string, id: string): Promise<Invitation> {
    const invitation = await this.mustLock(actor, organizationId, id);
    // One that has expired has lost its seat.
    if (this.invitations.stateOf(invitation) === 'expired') await this.mustExpect(organizationId, invitation.email);
    await this.invitations.renew(invitation);
    await this.mail(invitation);
    this.audit.note({ details: { invitation_id: id } });
    return invitation;
  }

  /** Take an invitation back: nobody can accept it any more. @throws NotFound (404); OrganizationRoleRequired (403) */
  @Transactional()
  async revoke(actor: Actor, organizationId: string, id: string): Promise<void> {
    await this.invitations.revoke(await this.mustLock(actor, organizationId, id));
    this.audit.note({ details: { invitation_id: id } });
  }

  /** Forget invitations that expired a month ago, whatever became of them; returns how many. */
  purge(): Promise<number> {
    return this.invitations.purge(new Date(this.clock.now().getTime() - RETENTION_MS));
  }

  /** Hold a seat for somebody who is invited. @throws AlreadyMember, SeatLimitReached */
  private async mustExpect(organizationId: string, email: string): Promise<void> {
    const user = await this.users.byEmail(email);
    if (user && (await this.members.find(organizationId, user.id))) throw new AlreadyMember();
    await this.seats.mustReserve(organizationId);
  }

  private async mustLock(actor: Actor, organizationId: string, id: string): Promise<Invitation> {
    const { role } = await this.organizations.mustLock(actor, organizationId, 'admin');
    const invitation = await this.invitations.mustFindPending(organizationId, id);
    if (invitation.role === 'admin') mustBeAtLeast('owner', role);
    return invitation;
  }

  private async mail({ id, version }: Invitation): Promise<void> {
    await this.jobs.enqueue(SendInvitationMail, { invitation_id: id, version }, { key: `${id}:${version}` });
  }
}

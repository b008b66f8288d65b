import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { NoAudit } from '@platform/audit';
import { CoreConfig } from '@platform/config';
import { PermanentError } from '@platform/kernel';
import { Mailer } from '@platform/mail';
import { JobHandler } from '@platform/queue';
import { SendInvitationMail } from '../contract';
import { InvitationTokens } from '../invitations/invitation-tokens';
import { InvitationRepository } from '../invitations/invitation.repository';
import { OrganizationRepository } from '../organization.repository';
import { ACCEPT_INVITATION_PAGE } from '../organizations.pages';
import { INVITATION } from './invitation.mail';

/** Mails invitations; the one place where a token leaves the domain. */
@Injectable()
export class SendInvitationMailHandler {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly invitations: InvitationRepository,
    private readonly tokens: InvitationTokens,
    private readonly users: UserDirectory,
    private readonly mailer: Mailer,
    private readonly core: CoreConfig,
  ) {}

  /**
   * An invitation that was accepted, revoked or mailed anew meanwhile needs no mail.
   * @throws PermanentError for an address that cannot be one, and when the token cannot be made any more
   */
  @JobHandler(SendInvitationMail)
  @NoAudit('the request that asks for it is recorded')
  async send({ invitation_id, version }: { invitation_id: string; version: number }): Promise<void> {
    const invitation = await this.invitations.findById(invitation_id);
    if (invitation?.version !== version || this.invitations.stateOf(invitation) !== 'open') return;
    const organization = await this.organizations.findOpen(invitation.organizationId);
    if (!organization) return;
    const token = this.tokens.reveal(invitation);
    if (token === null) {
      throw new PermanentError(`SECRET_KEY has changed since invitation ${invitation_id} was made: send it again`);
    }
    const user = invitation.invitedBy === null ? null : await this.users.byId(invitation.invitedBy);
    await this.mailer.send({
      to: invitation.email,
      template: INVITATION,
      data: {
        organization: organization.name,
        inviter: user && (user.fullName ?? user.email),
        link: this.core.linkTo(ACCEPT_INVITATION_PAGE, { token }),
        expiresAt: invitation.expiresAt,
      },
      key: `organization_invitation:${invitation.id}:${version}`,
    });
  }
}

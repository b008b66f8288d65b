import { Injectable } from '@nestjs/common';
import { NoAudit } from '@platform/audit';
import { CoreConfig } from '@platform/config';
import { PermanentError } from '@platform/kernel';
import { Mailer } from '@platform/mail';
import { JobHandler } from '@platform/queue';
import { SendInvitationMail } from '../contract';
import { InvitationMails } from '../invitations/invitation-mails';
import { ACCEPT_INVITATION_PAGE } from '../organizations.pages';
import { INVITATION } from './invitation.mail';

/** Mails invitations. */
@Injectable()
export class SendInvitationMailHandler {
  constructor(
    private readonly mails: InvitationMails,
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
    const mail = await this.mails.find(invitation_id, version);
    if (!mail) return;
    const { invitation, inviter, organization, token } = mail;
    if (token === null) {
      throw new PermanentError(`SECRET_KEY has changed since invitation ${invitation_id} was made: send it again`);
    }
    await this.mailer.send({
      to: invitation.email,
      template: INVITATION,
      data: {
        organization: organization.name,
        inviter,
        link: this.core.linkTo(ACCEPT_INVITATION_PAGE, { token }),
        expiresAt: invitation.expiresAt,
      },
      key: `organization_invitation:${invitation.id}:${version}`,
    });
  }
}

import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { type Invitation } from '../entities/invitation.entity';
import { type Organization } from '../entities/organization.entity';
import { OrganizationRepository } from '../organization.repository';
import { InvitationTokens } from './invitation-tokens';
import { InvitationRepository } from './invitation.repository';

/** What a mail to an invited person is made of. */
export interface InvitationMail {
  readonly invitation: Invitation;
  readonly organization: Organization;
  /** Who invites, by name or address; null when that account is gone. */
  readonly inviter: string | null;
  /** Null when `SECRET_KEY` is another than when the invitation was made. */
  readonly token: string | null;
}

/** Finds what is to be mailed; the one place where a token leaves the domain. */
@Injectable()
export class InvitationMails {
  constructor(
    private readonly organizations: OrganizationRepository,
    private readonly invitations: InvitationRepository,
    private readonly tokens: InvitationTokens,
    private readonly users: UserDirectory,
  ) {}

  /** The mail of an invitation that is open at this version; null for any other. */
  async find(invitationId: string, version: number): Promise<InvitationMail | null> {
    const invitation = await this.invitations.findById(invitationId);
    if (!invitation || invitation.version !== version || this.invitations.stateOf(invitation) !== 'open') return null;
    const organization = await this.organizations.findOpen(invitation.organizationId);
    const user = invitation.invitedBy === null ? null : await this.users.byId(invitation.invitedBy);
    const inviter = user && (user.fullName ?? user.email);
    return organization && { invitation, organization, inviter, token: this.tokens.reveal(invitation) };
  }
}

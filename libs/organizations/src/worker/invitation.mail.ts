import { button, defineMailTemplate, html } from '@platform/mail';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** What an invitation says. */
export interface InvitationData {
  readonly organization: string;
  /** Who invites, by name or address; null when that account is gone. */
  readonly inviter: string | null;
  readonly link: string;
  readonly expiresAt: Date;
}

/** Invites somebody who may have no account yet. */
export const INVITATION = defineMailTemplate<InvitationData>({
  name: 'organization_invitation',
  subject: ({ organization }, { appName }) => `Join ${organization} at ${appName}`,
  html: ({ expiresAt, inviter, link, organization }, { appName }) => html`
    <p>Hello,</p>
    <p>
      ${inviter ?? 'somebody'} invites you to join ${organization} at ${appName}. Sign in, or make an account, with this
      e-mail address; then accept by ${DATE.format(expiresAt)} UTC.
    </p>
    ${button(link, 'Accept the invitation')}
    <p>If you do not know what this is about, do nothing: without you the invitation expires.</p>
  `,
});

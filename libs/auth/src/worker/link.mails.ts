import { button, defineMailTemplate, html } from '@platform/mail';

/** A link that only its reader may know, and how long it is good. */
export interface LinkMailData {
  readonly link: string;
  readonly minutes: number;
}

/** Asks to prove that the address is the reader's. */
export const VERIFY_EMAIL = defineMailTemplate<LinkMailData>({
  name: 'verify_email',
  subject: (_data, { appName }) => `Verify your e-mail address for ${appName}`,
  html: ({ link, minutes }, { appName }) => html`
    <p>Hello,</p>
    <p>somebody made an account at ${appName} with this address. If it was you, say so:</p>
    ${button(link, 'Verify this address')}
    <p>
      The link is good for ${spell(minutes)}. If it was not you, do not follow it; without it the address stays
      unverified.
    </p>
  `,
});

/** Leads to a new password. */
export const RESET_PASSWORD = defineMailTemplate<LinkMailData>({
  name: 'reset_password',
  subject: (_data, { appName }) => `Set a new password for ${appName}`,
  html: ({ link, minutes }, { appName }) => html`
    <p>Hello,</p>
    <p>somebody asked for a new password for your account at ${appName}. If it was you, choose one:</p>
    ${button(link, 'Choose a new password')}
    <p>The link is good once, for ${spell(minutes)}. If it was not you, do nothing: your password stays as it is.</p>
  `,
});

/** Signs in. */
export const MAGIC_LINK = defineMailTemplate<LinkMailData>({
  name: 'magic_link',
  subject: (_data, { appName }) => `Sign in to ${appName}`,
  html: ({ link, minutes }, { appName }) => html`
    <p>Hello,</p>
    <p>somebody asked to sign in to your account at ${appName} with a link. If it was you, follow it:</p>
    ${button(link, 'Sign in')}
    <p>The link is good once, for ${spell(minutes)}. If it was not you, do nothing, and give it to nobody.</p>
  `,
});

function spell(minutes: number): string {
  if (minutes % 60 !== 0) return `${minutes} minutes`;
  return minutes === 60 ? 'one hour' : `${minutes / 60} hours`;
}

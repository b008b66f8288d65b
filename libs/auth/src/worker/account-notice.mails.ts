import { defineMailTemplate, html, type Html } from '@platform/mail';
import { type AccountNotice } from '../contract';

const SUBJECTS: Record<AccountNotice, string> = {
  password_changed: 'Your password was changed',
  registration_attempted: 'You have an account already',
  second_factor_enabled: 'Your account is protected by a second factor',
  second_factor_disabled: 'The second factor of your account was removed',
};

const NOT_YOU = html`<p>If it was not you, set a new password at once, and end all sign-ins.</p>`;

const TEXTS: Record<AccountNotice, Html> = {
  password_changed: html`
    <p>the password of your account was changed, and your other sign-ins have ended.</p>
    ${NOT_YOU}
  `,
  registration_attempted: html`
    <p>somebody tried to make an account with this address, which has one already. Nothing was changed.</p>
    <p>If it was you, sign in, or ask for a new password if you have forgotten yours. If it was not you, do nothing.</p>
  `,
  second_factor_enabled: html`
    <p>from now on, signing in takes a code of your authenticator. Keep your recovery codes in a safe place.</p>
    ${NOT_YOU}
  `,
  second_factor_disabled: html`
    <p>signing in no longer takes a code of an authenticator.</p>
    ${NOT_YOU}
  `,
};

/** Tells a person what happened to his account; it holds no link, so that nobody learns to follow one. */
export const ACCOUNT_NOTICE = defineMailTemplate<{ notice: AccountNotice }>({
  name: 'account_notice',
  subject: ({ notice }, { appName }) => `${SUBJECTS[notice]} (${appName})`,
  html: ({ notice }) => html`
    <p>Hello,</p>
    ${TEXTS[notice]}
  `,
});

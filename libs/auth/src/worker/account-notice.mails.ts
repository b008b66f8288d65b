import { defineMailTemplate, html, type Html } from '@platform/mail';
import { type AccountNotice } from '../contract';
import { type ApiKey } from '../entities/api-key.entity';

/** What a mail about an account says. */
export interface AccountNoticeData {
  readonly notice: AccountNotice;
  /** API keys that still work, where the mail is about a password. */
  readonly livingKeys: readonly Pick<ApiKey, 'name' | 'prefix' | 'lastUsedAt'>[];
  /** How many API keys ended with it. */
  readonly endedKeys: number;
}

/** More keys than these are counted, not listed. */
const MOST_LISTED = 20;
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

const SUBJECTS: Record<AccountNotice, string> = {
  password_changed: 'Your password was changed',
  registration_attempted: 'You have an account already',
  second_factor_enabled: 'Your account is protected by a second factor',
  second_factor_disabled: 'The second factor of your account was removed',
};

const NOT_YOU = html`<p>If it was not you, set a new password at once, and end all sessions and API keys.</p>`;

const TEXTS: Record<AccountNotice, (data: AccountNoticeData) => Html> = {
  password_changed: ({ endedKeys, livingKeys }) => html`
    <p>the password of your account was changed, and your other sessions have ended.</p>
    ${endedKeys > 0 && html`<p>Your API keys have ended, too: ${endedKeys}.</p>`}
    ${livingKeys.length > 0 && stillWorking(livingKeys)} ${NOT_YOU}
  `,
  registration_attempted: () => html`
    <p>somebody tried to make an account with this address, which has one already. Nothing was changed.</p>
    <p>If it was you, sign in, or ask for a new password if you have forgotten yours. If it was not you, do nothing.</p>
  `,
  second_factor_enabled: () => html`
    <p>from now on, signing in takes a code of your authenticator. Keep your recovery codes in a safe place.</p>
    ${NOT_YOU}
  `,
  second_factor_disabled: () => html`
    <p>signing in no longer takes a code of an authenticator.</p>
    ${NOT_YOU}
  `,
};

function stillWorking(keys: AccountNoticeData['livingKeys']): Html {
  const listed = keys.slice(0, MOST_LISTED);
  const others = keys.length - listed.length;
  return html`
    <p>API keys outlive a password. These still work:</p>
    <ul>
      ${listed.map(
        ({ lastUsedAt, name, prefix }) =>
          html`<li>${name} (${prefix}…), ${lastUsedAt ? `last used on ${DATE.format(lastUsedAt)}` : 'never used'}</li>`,
      )}
      ${others > 0 && html`<li>and ${others} more</li>`}
    </ul>
    <p>
      To end them, change your password once more and have your API keys end with it, or revoke each of them in your
      account.
    </p>
  `;
}

/** Tells a person what happened to their account; it holds no link, so that nobody learns to follow one. */
export const ACCOUNT_NOTICE = defineMailTemplate<AccountNoticeData>({
  name: 'account_notice',
  subject: ({ notice }, { appName }) => `${SUBJECTS[notice]} (${appName})`,
  html: (data) => html`
    <p>Hello,</p>
    ${TEXTS[data.notice](data)}
  `,
});

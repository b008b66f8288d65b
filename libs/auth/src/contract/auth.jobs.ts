import { defineJob } from '@platform/kernel';

// Rows of jobs are kept for a while: a payload names whom to write to, and the handler makes the token.
const MAIL = { attempts: 5, timeoutMs: 60_000 } as const;

/** Whom to mail a link, if anybody has the address. */
export type LinkMail = { email: string };

/** Mail the link that proves an address. */
export const SendVerificationMail = defineJob<LinkMail>({
  name: 'auth.send_verification_mail',
  summary: 'Mail the link that proves an address',
  ...MAIL,
});

/** Mail the link that sets a new password. */
export const SendPasswordResetMail = defineJob<LinkMail>({
  name: 'auth.send_password_reset_mail',
  summary: 'Mail the link that sets a new password',
  ...MAIL,
});

/** Mail the link that signs in. */
export const SendMagicLinkMail = defineJob<LinkMail>({
  name: 'auth.send_magic_link_mail',
  summary: 'Mail the link that signs in',
  ...MAIL,
});

/** What a person is told about their account, whether they did it or not. */
export type AccountNotice =
  'password_changed' | 'registration_attempted' | 'second_factor_enabled' | 'second_factor_disabled';

/** Tell a person what happened to their account. */
export const SendAccountNotice = defineJob<{ user_id: string; notice: AccountNotice; api_keys_ended?: number }>({
  name: 'auth.send_account_notice',
  summary: 'Tell a person what happened to their account',
  ...MAIL,
});

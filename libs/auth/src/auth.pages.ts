import { defineAppPage, type PageField } from '@platform/kernel';

const NEW_PASSWORD: PageField = {
  name: 'password',
  label: 'New password, at least 10 characters',
  type: 'password',
  autocomplete: 'new-password',
  minLength: 10,
  maxLength: 128,
};

/** Proves that the reader of a mail holds its address. */
export const VERIFY_EMAIL_PAGE = defineAppPage({
  path: '/verify-email',
  query: ['token'],
  title: 'Verify your e-mail address',
  forms: [
    { says: 'Is this address yours?', button: 'Verify it', posts: '/public/auth/verify-email', sends: ['token'] },
  ],
});

/** Sets a new password. */
export const RESET_PASSWORD_PAGE = defineAppPage({
  path: '/reset-password',
  query: ['token'],
  title: 'Choose a new password',
  forms: [
    {
      says: 'Every session of your account ends when you do.',
      button: 'Set the password',
      posts: '/public/auth/password/reset',
      sends: ['token'],
      fields: [NEW_PASSWORD, { name: 'revoke_api_keys', label: 'End my API keys, too', type: 'checkbox' }],
    },
  ],
});

/** Signs in. */
export const MAGIC_LINK_PAGE = defineAppPage({
  path: '/magic-link',
  query: ['token'],
  title: 'Sign in',
  forms: [
    {
      says: 'You asked for a link to sign in.',
      button: 'Sign in',
      posts: '/public/auth/magic-link/exchange',
      sends: ['token'],
    },
  ],
});

/** Where the way through a provider ends: with a one-time code, or with a word for what went wrong. */
export const SIGN_IN_COMPLETE_PAGE = defineAppPage({
  path: '/sign-in/complete',
  query: ['code', 'purpose', 'error'],
  title: 'Back from the provider',
  forms: [
    {
      when: { purpose: 'link' },
      says: 'The provider knows you. Link that identity to the account that you sign in to here.',
      button: 'Link it',
      posts: '/app/auth/identities',
      sends: ['code'],
      signedIn: true,
    },
    {
      says: 'The provider knows you.',
      button: 'Sign in',
      posts: '/public/auth/oidc/exchange',
      sends: ['code'],
    },
  ],
});

import { defineAppPage } from '@platform/kernel';

/** Where a person takes back the wish to be deleted. */
export const ACCOUNT_DELETION_PAGE = defineAppPage({
  path: '/account/deletion',
  query: ['id'],
  title: 'The deletion of your account',
  forms: [
    {
      says: 'Your account is to be deleted. Sign in to keep it.',
      button: 'Keep my account',
      posts: '/app/users/me/deletion/cancel',
      signedIn: true,
    },
  ],
});

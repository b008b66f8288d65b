import { defineAppPage } from '@platform/kernel';

/** Where somebody who was invited becomes a member. */
export const ACCEPT_INVITATION_PAGE = defineAppPage({
  path: '/accept-invitation',
  query: ['token'],
  title: 'Join an organization',
  forms: [
    {
      says: 'You were invited. Sign in with the address that the invitation was mailed to, or make an account with it.',
      button: 'Accept the invitation',
      posts: '/app/organization-invitations/accept',
      sends: ['token'],
      signedIn: true,
    },
  ],
});

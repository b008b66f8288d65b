import { type Fixtures } from '../../support/fixtures';
import { signIn, signInIdOf } from '../../support/people';

/** What the access rules cannot guess of sign-ins: they begin at another route. */
export const fixtures: Fixtures = {
  filledByHand: {
    'POST /public/auth/second-factor': 'the challenge of a first step, and a code',
    'POST /public/auth/refresh': 'the refresh token of a session',
    'POST /public/auth/verify-email': 'the token of a mail',
    'POST /public/auth/password/reset': 'the token of a mail',
    'POST /public/auth/magic-link/exchange': 'the token of a mail',
    'POST /public/auth/oidc/exchange': 'the code that a provider led to',
    'POST /app/auth/identities': 'the code that a provider led to',
    'POST /app/auth/second-factor/totp/confirm': 'a code of an authenticator',
  },
  things: [
    {
      path: '/app/auth/sessions/{id}',
      make: async ({ user }, stack) => ({ id: signInIdOf(await signIn(stack, user.email)) }),
    },
  ],
};

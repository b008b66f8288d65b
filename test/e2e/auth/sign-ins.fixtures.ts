import { type Fixtures } from '../../support/fixtures';
import { signIn, signInIdOf } from '../../support/people';

/** What the laws of access cannot guess of sign-ins: they begin at another route. */
export const fixtures: Fixtures = {
  things: [
    {
      path: '/app/auth/sessions/{id}',
      make: async ({ user }, stack) => ({ id: signInIdOf(await signIn(stack, user.email)) }),
    },
  ],
};

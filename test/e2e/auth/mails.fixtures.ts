import { withApiKey } from '../../support/api-keys';
import { type Fixtures } from '../../support/fixtures';
import { mailedToken } from '../../support/mailed-token';
import { type Stack } from '../../support/modes';
import { PASSWORD, signUp } from '../../support/people';

/** How the mails of auth are caused. */
export const fixtures: Fixtures = {
  mails: {
    verify_email: async (stack) => (await signUp(stack)).user.email,
    reset_password: (stack) => asked(stack, 'password/forgot'),
    magic_link: (stack) => asked(stack, 'magic-link'),
    address_proved: async (stack) => {
      const person = await signUp(stack);
      await withApiKey(stack, person, ['users.read_own']);
      const token = await mailedToken(stack, person.user.email, 'verify_email');
      const answer = await stack.client.post('/api/v1/public/auth/verify-email', { token });
      if (answer.status !== 204) throw new Error(`Proving an address answered ${answer.status} ${answer.text}`);
      return person.user.email;
    },
    account_notice: async (stack) => {
      const { client, user } = await signUp(stack);
      const answer = await client.post('/api/v1/app/auth/password', {
        current_password: PASSWORD,
        new_password: `${PASSWORD}, another`,
      });
      if (answer.status !== 204) throw new Error(`Changing a password answered ${answer.status} ${answer.text}`);
      return user.email;
    },
  },
};

async function asked(stack: Stack, what: string): Promise<string> {
  const { email } = (await signUp(stack)).user;
  const answer = await stack.client.post(`/api/v1/public/auth/${what}`, { email });
  if (answer.status !== 202) throw new Error(`Asking for ${what} answered ${answer.status} ${answer.text}`);
  return email;
}

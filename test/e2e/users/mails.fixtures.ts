import { type Fixtures } from '../../support/fixtures';
import { type Stack } from '../../support/modes';
import { type Person, signUp } from '../../support/people';

/** How the mails of users are caused. */
export const fixtures: Fixtures = {
  mails: {
    welcome: async (stack) => (await signUp(stack)).user.email,
    deletion_requested: async (stack) => (await leaving(stack)).user.email,
    deletion_blocked: async (stack) => {
      const { user } = await leaving(stack);
      // The last superadmin cannot go; whoever was one before steps back.
      await stack.sql("UPDATE users SET role = 'user' WHERE role = 'superadmin'");
      await stack.sql("UPDATE users SET role = 'superadmin' WHERE id = ?", user.id);
      await due(stack, user.id);
      return user.email;
    },
    account_deleted: async (stack) => {
      const { user } = await leaving(stack);
      await due(stack, user.id);
      return user.email;
    },
  },
};

/** Somebody who has asked to be deleted. */
async function leaving(stack: Stack): Promise<Person> {
  const person = await signUp(stack);
  const answer = await person.client.delete('/api/v1/app/users/me');
  if (answer.status !== 202) throw new Error(`Asking to be deleted answered ${answer.status} ${answer.text}`);
  return person;
}

/** As if the days of grace were over. */
async function due(stack: Stack, userId: string): Promise<void> {
  const before = new Date(Date.now() - 60_000).toISOString();
  await stack.sql(
    'UPDATE account_deletions SET requested_at = ?, due_at = ? WHERE user_id = ?',
    before,
    before,
    userId,
  );
  const [deletion] = await stack.sql<{ id: string }>('SELECT id FROM account_deletions WHERE user_id = ?', userId);
  await stack.sql("UPDATE jobs SET run_at = ? WHERE name = 'users.erase_account' AND key = ?", before, deletion?.id);
}

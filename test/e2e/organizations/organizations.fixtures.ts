import { type Fixtures, posted } from '../../support/fixtures';
import { enrol, found } from '../../support/organizations';
import { newEmail, signUp } from '../../support/people';

const ORGANIZATIONS = '/api/v1/app/organizations';

/** What the access rules cannot guess of organizations: who belongs to one, and whom it waits for. */
export const fixtures: Fixtures = {
  things: [
    {
      path: '/app/organizations/{id}',
      make: async (owner, stack) => {
        const id = (await found(owner)).id;
        // With a second owner the first one may leave, and hand over.
        await enrol(stack, id, await signUp(stack), 'owner');
        return { id };
      },
    },
    {
      path: '/app/organizations/{id}/members/{userId}',
      make: async (owner, stack) => {
        const [id, member] = [(await found(owner)).id, await signUp(stack)];
        await enrol(stack, id, member);
        return { id, userId: member.user.id };
      },
    },
    {
      path: '/app/organizations/{id}/invitations/{invitationId}',
      make: async (owner, stack) => {
        const id = (await found(owner)).id;
        const invitation = { email: newEmail('invited'), role: 'member' };
        const invitationId = (await posted(owner, `${ORGANIZATIONS}/${id}/invitations`, invitation)).id;
        // As if it had been mailed a while ago: an address gets one mail a minute.
        const soon = new Date(Date.now() + 86_400_000).toISOString();
        await stack.sql('UPDATE organization_invitations SET expires_at = ? WHERE id = ?', soon, invitationId);
        return { id, invitationId };
      },
    },
  ],
  filledByHand: { 'POST /app/organization-invitations/accept': 'the token of a mail' },
  mails: {
    organization_invitation: async (stack) => {
      const owner = await signUp(stack);
      const email = newEmail('invited');
      await posted(owner, `${ORGANIZATIONS}/${(await found(owner)).id}/invitations`, { email, role: 'member' });
      return email;
    },
  },
  bodies: {
    'POST /app/organizations/{id}/transfer': async ({ user }, stack, { id }) => {
      const other = 'SELECT user_id FROM organization_memberships WHERE organization_id = ? AND user_id <> ?';
      const [member] = await stack.sql(other, id, user.id);
      return member ?? {};
    },
  },
};

import { violationsOf, type Operation, operationsOf } from '../../../support/operations';
import { type Stack } from '../../../support/modes';
import { type Person, signIn, withRole } from '../../../support/people';
import { asked, refused } from './asking';

/** Access rule: who is shut out, and whose session has ended, no route of a signed-in person serves any more. */
export function endedAccess(stack: () => Stack): void {
  describe('access that has ended', () => {
    let closed: readonly Operation[];
    let admin: Person;

    beforeAll(async () => {
      closed = operationsOf(stack().contracts).filter(({ isPublic }) => !isPublic);
      admin = await withRole(stack(), 'superadmin');
    });

    it('answers 403 on every route to an admin who was shut out', async () => {
      const person = await withRole(stack(), 'admin');
      await person.client.get('/api/v1/app/users/me');
      const answer = await admin.client.post(`/api/v1/admin/users/${person.user.id}/deactivate`);
      expect(answer.status).toBe(200);
      const violations = await violationsOf(closed, async (operation) =>
        refused('a person who was shut out', await asked(operation, person.client), 403),
      );
      expect(violations).toEqual([]);
    });

    it('answers 401 on every route to a sign-in that has ended, and the other one goes on', async () => {
      const other = await withRole(stack(), 'admin');
      const ended = await signIn(stack(), other.user.email);
      expect((await ended.client.post('/api/v1/app/auth/logout')).status).toBe(204);
      const violations = await violationsOf(closed, async (operation) =>
        refused('a sign-in that has ended', await asked(operation, ended.client), 401),
      );
      expect(violations).toEqual([]);
      expect((await other.client.get('/api/v1/app/users/me')).status).toBe(200);
    });
  });
}

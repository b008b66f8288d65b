import { violationsOf, type Operation, operationsOf } from '../../../support/operations';
import { type Stack } from '../../../support/modes';
import { type Person, signUp, withRole } from '../../../support/people';
import { asked, permissionsOf, refused } from './asking';

const KEYS = '/api/v1/app/api-keys';
const SCOPE = 'users.read_own';

/** Access rule: an API key opens what both its scopes and its owner may, here and now, and nothing else. */
export function apiKeys(stack: () => Stack): void {
  describe('an API key', () => {
    let closed: readonly Operation[];

    beforeAll(() => {
      closed = operationsOf(stack().contracts).filter(({ isPublic }) => !isPublic);
    });

    it.each(['user', 'superadmin'] as const)(
      'of a %s opens its scope, and answers 403 on every other route',
      async (role) => {
        const owner = role === 'user' ? await signUp(stack()) : await withRole(stack(), role);
        const key = await keyOf(owner, [SCOPE]);
        const others = closed.filter(({ permission }) => permission !== SCOPE);
        const violations = await violationsOf(others, async (operation) =>
          refused(`a key for ${SCOPE}`, await asked(operation, key), 403),
        );
        expect(violations).toEqual([]);
        expect((await key.get('/api/v1/app/users/me')).status).toBe(200);
      },
    );

    it('is not made with a permission that its owner has not', async () => {
      const owner = await signUp(stack());
      const held = await permissionsOf(owner);
      const beyond = new Set(closed.map(({ permission = '' }) => permission).filter((name) => !held.has(name)));
      expect(beyond.size).toBeGreaterThan(0);
      for (const scope of beyond) {
        const { status } = await owner.client.post(KEYS, { name: 'A key', scopes: [SCOPE, scope] });
        expect([scope, [403, 422].includes(status)]).toEqual([scope, true]);
      }
    });

    it('loses what its owner loses: a former admin’s key answers 403 on every admin route', async () => {
      const chief = await withRole(stack(), 'superadmin');
      const owner = await withRole(stack(), 'admin');
      const key = await keyOf(owner, [SCOPE, 'users.list', 'users.read']);
      expect((await key.get('/api/v1/admin/users')).status).toBe(200);
      const demoted = await chief.client.patch(`/api/v1/admin/users/${owner.user.id}`, { role: 'user' });
      expect(demoted.status).toBe(200);
      const violations = await violationsOf(
        closed.filter(({ isAdmin }) => isAdmin),
        async (operation) => refused('the key of a former admin', await asked(operation, key), 403),
      );
      expect(violations).toEqual([]);
      expect((await key.get('/api/v1/app/users/me')).status).toBe(200);
    });

    it('goes with its owner: once they are shut out it answers 403 on every route', async () => {
      const chief = await withRole(stack(), 'superadmin');
      const owner = await signUp(stack());
      const key = await keyOf(owner, [SCOPE]);
      expect((await key.get('/api/v1/app/users/me')).status).toBe(200);
      expect((await chief.client.post(`/api/v1/admin/users/${owner.user.id}/deactivate`)).status).toBe(200);
      const violations = await violationsOf(closed, async (operation) =>
        refused('the key of a person who was shut out', await asked(operation, key), 403),
      );
      expect(violations).toEqual([]);
    });
  });
}

/** A client that sends a new API key of the person. @throws Error with the answer when it is refused */
async function keyOf({ client }: Person, scopes: string[]): Promise<Person['client']> {
  const answer = await client.post<{ secret: string }>(KEYS, { name: 'A key', scopes });
  if (answer.status !== 201) throw new Error(`POST ${KEYS} answered ${answer.status} ${answer.text}`);
  return client.as(answer.body.secret);
}

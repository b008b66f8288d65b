import { violationsOf, type Operation, operationsOf, servedRoutes } from '../../../support/operations';
import { type Stack } from '../../../support/modes';
import { type Person, signIn, signInIdOf, withRole } from '../../../support/people';
import { filledByHand } from '../../../support/registered';
import { type ErrorWire } from '../../../support/wire';
import { asked, refused } from './asking';

/** Access rule: what is dangerous takes a recent proof of identity, on every route that says so, of everybody. */
export function stepUp(stack: () => Stack): void {
  describe('a dangerous act', () => {
    let dangerous: readonly Operation[];
    let person: Person;

    beforeAll(async () => {
      const names = (await servedRoutes(stack())).filter((route) => route.stepUp).map(({ name }) => name);
      dangerous = operationsOf(stack().contracts).filter(({ name }) => names.includes(name));
      person = await withRole(stack(), 'superadmin');
    });

    it('takes a sign-in again on every such route once the proof is old, and nothing else of theirs is refused', async () => {
      const stale = await signIn(stack(), person.user.email);
      const longAgo = '2020-01-01T00:00:00.000Z';
      await stack().sql('UPDATE sessions SET authenticated_at = ? WHERE id = ?', longAgo, signInIdOf(stale));
      const violations = await violationsOf(dangerous, async (operation) =>
        refused('an old proof', await asked(operation, stale.client), 401, 'INSUFFICIENT_AUTHENTICATION'),
      );
      expect(violations).toEqual([]);
      expect(dangerous).not.toEqual([]);
      expect((await stale.client.get('/api/v1/app/users/me')).status).toBe(200);
    });

    it('goes on for a proof that is new', async () => {
      const violations = await violationsOf(dangerous, async (operation) => {
        const { body, status, text } = await asked(operation, (await withRole(stack(), 'superadmin')).client);
        if (![401, 403].includes(status)) return [];
        // A body that nobody can guess may name a code that is not good: that is no word about the proof.
        const isAboutTheBody =
          operation.key in filledByHand && (body as ErrorWire).error.code !== 'INSUFFICIENT_AUTHENTICATION';
        return isAboutTheBody ? [] : [`answered ${status} to a new proof; ${text}`];
      });
      expect(violations).toEqual([]);
    });
  });
}

import { type Answer } from '../../../support/api-client';
import { findingsAbout, type Operation, operationsOf } from '../../../support/census';
import { type Stack } from '../../../support/modes';
import { type Person, signUp } from '../../../support/people';
import { differenceOf, rowsOf } from '../../../support/rows';
import { type ErrorWire } from '../../../support/wire';
import { asked } from './asking';

const UNKNOWN = '0198f1c2-6f3a-7000-8000-00000000dead';

/** Law: whoever says that he acts for an organization which is none of his gets nowhere, on any route. */
export function foreignTenants(stack: () => Stack): void {
  describe('an organization that is none of the caller’s', () => {
    let closed: readonly Operation[];
    let stranger: Person;

    beforeAll(async () => {
      closed = operationsOf(stack().contracts).filter(({ isPublic }) => !isPublic);
      stranger = await signUp(stack());
    });

    it.each([UNKNOWN, 'not-an-id', '*'])('is not found on any route as %s, and nothing changes', async (id) => {
      const client = stranger.client.with({ 'x-organization-id': id });
      const before = await rowsOf(stack());
      const findings = await findingsAbout(closed, async (operation) => notFound(await asked(operation, client), id));
      expect([...findings, ...differenceOf(before, await rowsOf(stack()))]).toEqual([]);
    });
  });
}

function notFound({ body, status, text }: Answer, id: string): string[] {
  const { details } = (body as Partial<ErrorWire> | undefined)?.error ?? {};
  if (status === 404 && details?.resource === 'Organization' && details.id === id) return [];
  return [`answered ${status} for the organization ${id}; ${text}`];
}

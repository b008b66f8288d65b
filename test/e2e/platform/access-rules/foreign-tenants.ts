import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Answer } from '../../../support/api-client';
import { violationsOf, type Operation, operationsOf } from '../../../support/operations';
import { type Stack } from '../../../support/modes';
import { dismiss, enrol, found, onBehalfOf } from '../../../support/organizations';
import { type Person, signUp } from '../../../support/people';
import { fixtureFor, isExempt } from '../../../support/registered';
import { differenceOf, rowsOf } from '../../../support/rows';
import { type ErrorWire } from '../../../support/wire';
import { asked } from './asking';
import { attack, reached } from './foreign-ids';

const UNKNOWN = '0198f1c2-6f3a-7000-8000-00000000dead';

/** Without it nobody can be a member of anything. */
const DOMAIN = resolve(__dirname, '../../../../libs/organizations/src/api');

/** People of one organization and around it. */
interface Cast {
  /** The organization that is none of the strangers'. */
  readonly organization: string;
  readonly founder: Person;
  /** Who is none of its members, and how each of them comes. */
  readonly strangers: readonly (readonly [string, Person])[];
  /** Who may try to act for it and may not. */
  readonly outsiders: readonly (readonly [string, Person])[];
}

/** Access rule: whoever claims to act for an organization that they do not belong to gets nowhere, on any route. */
export function foreignTenants(stack: () => Stack): void {
  describe('an organization that is none of the caller’s', () => {
    let operations: readonly Operation[];
    let closed: readonly Operation[];
    let stranger: Person;
    let cast: Cast | undefined;

    beforeAll(async () => {
      operations = operationsOf(stack().contracts);
      closed = operations.filter(({ isPublic }) => !isPublic);
      stranger = await signUp(stack());
      cast = existsSync(DOMAIN) ? await castOf(stack()) : undefined;
    });

    it.each([UNKNOWN, 'not-an-id', '*'])('is not found on any route as %s, and nothing changes', async (id) => {
      const { client } = onBehalfOf(id, stranger);
      const before = await rowsOf(stack());
      const violations = await violationsOf(closed, async (operation) => notFound(await asked(operation, client), id));
      expect([...violations, ...differenceOf(before, await rowsOf(stack()))]).toEqual([]);
    });

    it('is not found on any route by a stranger, nor by a former member, exactly as an unknown one', async () => {
      if (!cast) return;
      const { organization, outsiders } = cast;
      const before = await rowsOf(stack());
      const violations = await violationsOf(closed, async (operation) => {
        const found: string[] = [];
        for (const [who, { client }] of outsiders) {
          const answer = await asked(operation, client.with({ 'x-organization-id': organization }));
          found.push(...notFound(answer, organization).map((violation) => `${who}: ${violation}`));
        }
        return found;
      });
      expect([...violations, ...differenceOf(before, await rowsOf(stack()))]).toEqual([]);
    });

    it('shows nothing of its own to callers who do not act for it: its ids are unknown ones', async () => {
      if (!cast) return;
      const { founder, organization, strangers } = cast;
      const judged = operations.filter((one) => one.parameters.length > 0 && !one.isAdmin && !isExempt(one));
      const acting = onBehalfOf(organization, founder);
      const violations = await violationsOf(judged, async (operation) => {
        const fixture = fixtureFor(operation);
        const theirs = await fixture.make(acting, stack());
        const found: string[] = [];
        for (const [who, by] of strangers) {
          const mine = operation.parameters.length > 1 ? await fixture.make(by, stack()) : {};
          const told = await attack(stack(), operation, { by, theirs, mine });
          found.push(...told.map((violation) => `${who}: ${violation}`));
        }
        return [...found, ...(await reached(stack(), operation, acting, theirs))];
      });
      expect(violations).toEqual([]);
    });
  });
}

async function castOf(stack: Stack): Promise<Cast> {
  const [founder, neighbour, both, former] = [
    await signUp(stack),
    await signUp(stack),
    await signUp(stack),
    await signUp(stack),
  ];
  const organization = (await found(founder)).id;
  const other = (await found(neighbour)).id;
  for (const person of [both, former]) await enrol(stack, organization, person);
  await enrol(stack, other, both);
  // They were let in, and are known as a member to every cache.
  const asMember = await onBehalfOf(organization, former).client.get('/api/v1/app/users/me');
  if (asMember.status !== 200) throw new Error(`A member acting for their organization got ${asMember.status}`);
  await dismiss(stack, organization, founder, former);
  return {
    organization,
    founder,
    strangers: [
      ['somebody of another organization', onBehalfOf(other, neighbour)],
      ['a member of both, acting for the other', onBehalfOf(other, both)],
      ['a member of both, acting for themselves', both],
      ['a former member, acting for themselves', former],
    ],
    outsiders: [
      ['somebody of another organization', neighbour],
      ['a former member', former],
    ],
  };
}

function notFound({ body, status, text }: Answer, id: string): string[] {
  const { details } = (body as Partial<ErrorWire> | undefined)?.error ?? {};
  if (status === 404 && details?.resource === 'Organization' && details.id === id) return [];
  return [`answered ${status} for the organization ${id}; ${text}`];
}

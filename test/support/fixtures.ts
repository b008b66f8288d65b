import { type Operation } from './census';
import { exampleOf } from './examples';
import { type Stack } from './modes';
import { type Person } from './people';

/** Values of path parameters, by their names. */
export type Parameters = Readonly<Record<string, string>>;

/** How a test makes a thing that a path leads to. */
export interface Fixture {
  /** A path without its version, as in the document: it serves that path and all below it that have none of their own. */
  readonly path: string;
  /** Make one for the person, over the API and as this person's client asks; answers the parameters that lead to it. */
  make(owner: Person, stack: Stack): Promise<Parameters>;
  /** Whether it belongs to the organization that its maker acts for: then it is tried between organizations, too. */
  readonly ofOrganizations?: boolean;
}

/**
 * THE PLACE TO REGISTER what a new route needs, so that the laws of access judge it: a route with a path parameter
 * needs a fixture here, or a reason in {@link EXEMPT}.
 */
const FIXTURES: readonly Fixture[] = [
  {
    path: '/app/projects/{id}',
    ofOrganizations: true,
    make: async (owner) => ({ id: await created(owner, '/api/v1/app/projects', { name: 'Somebody’s project' }) }),
  },
];

/** Routes with a path parameter that leads to nothing of anybody, each with the reason in words. */
export const EXEMPT: Readonly<Record<string, string>> = {};

/** Fields of a body that its schema does not tell, by `METHOD /path` without the version; they win over the derived. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {};

/** The fixture whose path leads to the operation, the longest one. @throws Error with the cure when there is none */
export function fixtureFor({ key, route }: Operation): Fixture {
  const [found] = FIXTURES.filter(({ path }) => route === path || route.startsWith(`${path}/`)).sort(
    (a, b) => b.path.length - a.path.length,
  );
  if (found) return found;
  throw new Error(
    `has a path parameter and no fixture: add one for its path to FIXTURES in test/support/fixtures.ts, ` +
      `or '${key}' to EXEMPT with the reason why its parameter leads to nothing of anybody`,
  );
}

/** A body that the operation accepts, made from its schema; undefined where it takes none. */
export function bodyOf({ body, document, key }: Operation): Record<string, unknown> | undefined {
  if (!body) return undefined;
  // The body of a JSON operation is an object: what validates it is a class.
  return { ...(exampleOf(body, document) as Record<string, unknown>), ...BODIES[key] };
}

/** What a finding about a body that was not accepted ends with. */
export const CURE_OF_BODY = 'give its fields in BODIES of test/support/fixtures.ts';

/** The id of the thing that a POST creates, in either version. @throws Error with the answer when it is refused */
async function created(owner: Person, path: string, body: Record<string, unknown>): Promise<string> {
  const answer = await owner.client.post<{ id: string }>(path, body);
  if (answer.status !== 201) throw new Error(`POST ${path} for a fixture answered ${answer.status}: ${answer.text}`);
  return answer.body.id;
}

import { type Operation, operationAt } from './census';
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
}

/**
 * THE PLACE TO REGISTER what a new route needs, so that the laws of access (test/e2e/platform/laws) judge it. A route
 * with one path parameter, `…/things/{id}`, needs nothing where `POST …/things` makes a thing from its body; any other
 * needs a fixture here, or a reason in {@link EXEMPT}.
 */
const FIXTURES: readonly Fixture[] = [];

/** Routes with a path parameter that leads to nothing of anybody, `METHOD /path` or `/path`, with the reason in words. */
export const EXEMPT: Readonly<Record<string, string>> = {};

/** Fields of a body that its schema does not tell, by `METHOD /path` without the version; they win over the derived. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {};

/** What a finding about a body that was not accepted ends with. */
export const CURE_OF_BODY = 'give its fields in BODIES of test/support/fixtures.ts';

/** Whether the path parameters of the operation lead to nothing of anybody. */
export function isExempt({ key, route }: Operation): boolean {
  return key in EXEMPT || route in EXEMPT;
}

/**
 * The fixture whose path leads to the operation, the longest one; else one that posts to its collection.
 * @throws Error with the cure when there is neither
 */
export function fixtureFor(operation: Operation): Fixture {
  const { key, route } = operation;
  const [found] = FIXTURES.filter(({ path }) => route === path || route.startsWith(`${path}/`)).sort(
    (a, b) => b.path.length - a.path.length,
  );
  const fixture = found ?? derivedFixture(operation);
  if (fixture) return fixture;
  throw new Error(
    `has a path parameter, and no test knows what it leads to: add a fixture for its path to FIXTURES in ` +
      `test/support/fixtures.ts, or '${key}' to EXEMPT with the reason why it leads to nothing of anybody`,
  );
}

/** A body that the operation accepts, made from its schema; undefined where it takes none. */
export function bodyOf({ body, document, key }: Operation): Record<string, unknown> | undefined {
  if (!body) return undefined;
  // The body of a JSON operation is an object: what validates it is a class.
  return { ...(exampleOf(body, document) as Record<string, unknown>), ...BODIES[key] };
}

/** `…/things/{id}` leads to what `POST …/things` makes. */
function derivedFixture({ document, parameters, path }: Operation): Fixture | undefined {
  const [parameter = '', ...others] = parameters;
  const collection = path.slice(0, path.indexOf(`/{${parameter}}`));
  const create = operationAt(document, 'POST', collection);
  if (!create || others.length > 0) return undefined;
  const make = async (owner: Person): Promise<Parameters> => {
    const body = bodyOf(create);
    const answer = await owner.client.post<{ id?: string; data?: { id?: string } }>(collection, body);
    const id = answer.body?.id ?? answer.body?.data?.id;
    if (answer.status === 201 && id !== undefined) return { [parameter]: id };
    throw new Error(
      `${create.name} makes no fixture from ${JSON.stringify(body)}: it answered ${answer.status} ${answer.text}; ` +
        `${CURE_OF_BODY} under '${create.key}', or add a fixture to FIXTURES there`,
    );
  };
  return { path: `${create.route}/{${parameter}}`, make };
}

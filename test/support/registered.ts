import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Operation, operationAt } from './operations';
import { exampleOf } from './examples';
import { type Fixture, type Fixtures, type Parameters, posted } from './fixtures';
import { type Stack } from './modes';
import { type Person, signUp } from './people';

const E2E = resolve(__dirname, '../e2e');

/** Where a fixture is written, for the fixes in messages. */
export const PLACE = 'test/e2e/<domain>/<things>.fixtures.ts';

/** What a violation about a body that was not accepted ends with. */
export const FIX_OF_BODY = `give its fields in \`bodies\` of ${PLACE}`;

const registered: readonly Fixtures[] = readdirSync(E2E, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.fixtures.ts'))
  // Found by their names, so that a domain brings its own, and takes them with it.
  .map((file) => (require(join(E2E, file)) as { fixtures: Fixtures }).fixtures);

const things = registered.flatMap((fixtures) => fixtures.things ?? []);
const bodies = Object.assign({}, ...registered.map((fixtures) => fixtures.bodies)) as NonNullable<Fixtures['bodies']>;

/** Paths whose parameters lead to nothing of anybody, with the reasons. */
export const exempt = Object.assign({}, ...registered.map((fixtures) => fixtures.exempt)) as Record<string, string>;

/** Routes whose body no document can fill in, with what it names. */
export const filledByHand = Object.assign({}, ...registered.map((fixtures) => fixtures.filledByHand)) as Record<
  string,
  string
>;

/** How each mail is caused, by the name of its template. */
export const mails = Object.assign({}, ...registered.map((fixtures) => fixtures.mails)) as NonNullable<
  Fixtures['mails']
>;

/** Whether the path parameters of the operation lead to nothing of anybody. */
export function isExempt({ key, route }: Operation): boolean {
  return key in exempt || route in exempt;
}

/**
 * The fixture whose path leads to the operation, the longest one; else one that posts to its collection.
 * @throws Error with the fix when there is neither
 */
export function fixtureFor(operation: Operation): Fixture {
  const { key } = operation;
  const fixture = knownFixtureFor(operation);
  if (fixture) return fixture;
  throw new Error(
    `has a path parameter, and no test knows what it leads to: add a fixture for its path to \`things\` in ${PLACE}, ` +
      `or '${key}' to \`exempt\` there, with the reason why it leads to nothing of anybody`,
  );
}

function knownFixtureFor(operation: Operation): Fixture | undefined {
  const { route } = operation;
  const [found] = things
    .filter(({ path }) => route === path || route.startsWith(`${path}/`))
    .sort((a, b) => b.path.length - a.path.length);
  return found ?? derivedFixture(operation);
}

/** A body that the operation accepts; undefined where it takes none. It may make what the body refers to. */
export async function bodyOf(
  operation: Operation,
  by: Person,
  stack: Stack,
  parameters: Parameters = {},
): Promise<object | undefined> {
  const guessed = guessedBodyOf(operation);
  return guessed && { ...guessed, ...(await bodies[operation.key]?.(by, stack, parameters)) };
}

/** Ids in the body of the operation that must be those of something that is there. */
export async function referencesOf(
  operation: Operation,
  by: Person,
  stack: Stack,
  parameters: Parameters,
): Promise<object> {
  const made = (await bodies[operation.key]?.(by, stack, parameters)) ?? {};
  return Object.fromEntries(Object.entries(made).filter(([name]) => name.endsWith('_id')));
}

/** A body by its schema alone, for where it is not the body that is judged. */
export function guessedBodyOf({ body, document }: Operation): object | undefined {
  // The body of a JSON operation is an object: what validates it is a class.
  return body && (exampleOf(body, document) as object);
}

/** The caller's own thing where the route has one; an admin's route gets the caller. */
export async function ownParametersOf(stack: Stack, operation: Operation, owner: Person): Promise<Parameters> {
  if (operation.parameters.length === 0) return {};
  if (!operation.isAdmin && !isExempt(operation)) return fixtureFor(operation).make(owner, stack);
  return Object.fromEntries(operation.parameters.map((name) => [name, owner.user.id]));
}

/** A thing that the caller may change by the operation, everybody's as well; an admin's route without a fixture gets another account. */
export async function changeableBy(by: Person, operation: Operation, stack: Stack): Promise<Parameters> {
  if (operation.parameters.length === 0) return {};
  const fixture = knownFixtureFor(operation);
  if (fixture) return fixture.make(by, stack);
  return ownParametersOf(stack, operation, operation.isAdmin ? await signUp(stack) : by);
}

/** `…/things/{id}` leads to what `POST …/things` makes. */
function derivedFixture({ document, parameters, path }: Operation): Fixture | undefined {
  const [parameter = '', ...others] = parameters;
  const collection = path.slice(0, path.indexOf(`/{${parameter}}`));
  const create = operationAt(document, 'POST', collection);
  if (!create || others.length > 0) return undefined;
  const make = async (owner: Person, stack: Stack): Promise<Parameters> => {
    const made = posted(owner, collection, await bodyOf(create, owner, stack));
    const { id } = await made.catch((error: Error) => {
      throw new Error(`${error.message}; ${FIX_OF_BODY} under '${create.key}', or a fixture in \`things\` there`);
    });
    return { [parameter]: id };
  };
  return { path: `${create.route}/{${parameter}}`, make };
}

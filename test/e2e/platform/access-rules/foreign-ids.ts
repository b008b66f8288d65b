import { type Answer } from '../../../support/api-client';
import { violationsOf, type Operation, operationsOf, pathOf } from '../../../support/operations';
import { type Parameters } from '../../../support/fixtures';
import { type Stack } from '../../../support/modes';
import { type Person, signUp } from '../../../support/people';
import { bodyOf, FIX_OF_BODY, exempt, fixtureFor, isExempt } from '../../../support/registered';
import { differenceOf, rowsOf } from '../../../support/rows';

const UNKNOWN = '0198f1c2-6f3a-7000-8000-00000000dead';

/** Headers that differ from answer to answer, whatever was asked. */
const VOLATILE = /^(date|x-request-id|(x-)?ratelimit.*|content-length|connection|keep-alive)$/;

/** Statuses by which something else than the id answered: the test would show nothing. */
const ANSWERED_EARLIER = new Set([400, 401, 403, 413, 415, 422, 429]);

/** Access rule: somebody else's id answers exactly as an unknown id does, for every route of the documents with an id. */
export function foreignIds(stack: () => Stack): void {
  describe('another person’s id', () => {
    let victim: Person;
    let stranger: Person;
    let operations: readonly Operation[];

    beforeAll(async () => {
      victim = await signUp(stack());
      stranger = await signUp(stack());
      operations = operationsOf(stack().contracts).filter(({ parameters }) => parameters.length > 0);
    });

    it('answers exactly as an unknown one, on every route with an id, and nothing changes', async () => {
      const judged = operations.filter((operation) => !operation.isAdmin && !isExempt(operation));
      expect(judged).not.toEqual([]);
      const violations = await violationsOf(judged, async (operation) => {
        const fixture = fixtureFor(operation);
        const theirs = await fixture.make(victim, stack());
        const mine = operation.parameters.length > 1 ? await fixture.make(stranger, stack()) : {};
        const found = await attack(stack(), operation, { by: stranger, theirs, mine });
        return [...found, ...(await reached(stack(), operation, victim, theirs))];
      });
      expect(violations).toEqual([]);
    });

    it('answers a plain user on every admin route exactly as an unknown one: 403', async () => {
      const violations = await violationsOf(
        operations.filter(({ isAdmin }) => isAdmin),
        async (operation) => {
          const theirs = everywhere(operation, victim.user.id);
          return attack(stack(), operation, { by: stranger, theirs, mine: {}, status: 403 });
        },
      );
      expect(violations).toEqual([]);
    });

    it('is exempt on no route that does not exist', () => {
      const known = new Set(operations.flatMap(({ key, route }) => [key, route]));
      expect(Object.keys(exempt).filter((path) => !known.has(path))).toEqual([]);
    });
  });
}

/** Who asks, and for what. */
export interface Attempt {
  readonly by: Person;
  /** Parameters that lead to a thing of somebody else. */
  readonly theirs: Parameters;
  /** Parameters that lead to a thing of the one who asks: the first of them may stand before somebody else's. */
  readonly mine: Parameters;
  /** What both must answer; 404 unless the caller may not even ask. */
  readonly status?: number;
}

/** What the API tells of somebody else's thing, or does to it. */
export async function attack(stack: Stack, operation: Operation, attempt: Attempt): Promise<string[]> {
  const body = await bodyOf(operation, attempt.by, stack, attempt.theirs);
  const before = await rowsOf(stack);
  const violations: string[] = [];
  for (let own = 0; own < operation.parameters.length; own++) {
    const foreign = parametersFrom(operation, own, attempt.mine, attempt.theirs);
    const unknown = parametersFrom(operation, own, attempt.mine, everywhere(operation, UNKNOWN));
    violations.push(...(await compared(operation, { ...attempt, body }, foreign, unknown)));
  }
  return [...violations, ...differenceOf(before, await rowsOf(stack))];
}

/** Whether the owner gets further: else the thing is none, and its sameness to an unknown one shows nothing. */
export async function reached(
  stack: Stack,
  operation: Operation,
  owner: Person,
  theirs: Parameters,
): Promise<string[]> {
  const body = await bodyOf(operation, owner, stack, theirs);
  const { status, text } = await asked(operation, owner, theirs, body);
  if (status < 400) return [];
  return [`the owner got ${status}, so nothing is shown: correct its fixture, or ${FIX_OF_BODY}; ${text}`];
}

async function compared(
  operation: Operation,
  { body, by, status = 404 }: Attempt & { body?: object },
  foreign: Parameters,
  unknown: Parameters,
): Promise<string[]> {
  const one = await asked(operation, by, foreign, body);
  const other = await asked(operation, by, unknown, body);
  if (one.status !== status) {
    const why = ANSWERED_EARLIER.has(one.status) ? `: something else than the id answered, ${FIX_OF_BODY}` : '';
    return [`somebody else's id answered ${one.status}, not ${status}${why}; ${one.text}`];
  }
  const [told, untold] = [toldBy(one, foreign), toldBy(other, unknown)];
  return told === untold ? [] : [`somebody else's id answered ${told}, an unknown one ${untold}`];
}

function asked(operation: Operation, by: Person, parameters: Parameters, body?: object): Promise<Answer> {
  return by.client.send(operation.method, pathOf(operation, parameters), { body });
}

/** All that an answer tells, but for the id that was asked for, the request's own and the time. */
function toldBy({ headers, status, text }: Answer, parameters: Parameters): string {
  const kept = [...headers].filter(([name]) => !VOLATILE.test(name));
  let told = `${status} ${JSON.stringify(kept)} ${text}`.replaceAll(headers.get('x-request-id') ?? '', '<request>');
  for (const value of Object.values(parameters)) told = told.replaceAll(value, '<id>');
  return told.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
}

function parametersFrom({ parameters }: Operation, own: number, mine: Parameters, theirs: Parameters): Parameters {
  return Object.fromEntries(parameters.map((name, at) => [name, (at < own ? mine : theirs)[name] ?? UNKNOWN]));
}

function everywhere({ parameters }: Operation, value: string): Parameters {
  return Object.fromEntries(parameters.map((name) => [name, value]));
}

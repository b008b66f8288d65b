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

/** Fields of a body that the person sends to the thing that the parameters lead to; may make what the body refers to. */
export type MakeBody = (by: Person, stack: Stack, parameters: Parameters) => object | Promise<object>;

/**
 * What the rules (`test/e2e/platform/access-rules`, `test/e2e/platform/newcomer`) cannot guess of a domain.
 * `test/e2e/<domain>/<things>.fixtures.ts` exports it as `fixtures`, and is found by its name. Most routes need no word: `…/things/{id}` leads to what
 * `POST …/things` makes, and bodies follow from their schemas.
 */
export interface Fixtures {
  /** For paths with parameters that no `POST` to a collection explains. */
  readonly things?: readonly Fixture[];
  /** Paths whose parameters lead to nothing of anybody, `/path` or `METHOD /path`, each with the reason in words. */
  readonly exempt?: Readonly<Record<string, string>>;
  /** Fields of bodies that a schema does not tell, by `METHOD /path` without the version; they win over the guessed. */
  readonly bodies?: Readonly<Record<string, MakeBody>>;
  /**
   * Routes whose body names what only its reader has (a token, a code), `METHOD /path`, each with what it is: no
   * document can fill it in.
   */
  readonly filledByHand?: Readonly<Record<string, string>>;
  /** How each mail of the domain is caused, by the name of its template; answers the address that it goes to. */
  readonly mails?: Readonly<Record<string, (stack: Stack) => Promise<string>>>;
}

/** What a POST made, as either version answers it. @throws Error with the answer unless it is 201 with an id */
export async function posted(by: Person, path: string, body?: object): Promise<{ id: string }> {
  const answer = await by.client.post<{ id?: string; data?: { id?: string } }>(path, body);
  const id = answer.body?.id ?? answer.body?.data?.id;
  if (answer.status === 201 && id !== undefined) return { id };
  throw new Error(`POST ${path} of ${JSON.stringify(body)} for a fixture answered ${answer.status} ${answer.text}`);
}

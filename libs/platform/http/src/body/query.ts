import { BadRequest } from '@platform/kernel';
import { problemOfText, reachesForPrototypes } from './json-text';

/** A parsed query: one value, or an array where the name is repeated. Frozen and shared: see {@link QueryParser}. */
export type Query = Readonly<Record<string, string | string[]>>;

const EMPTY: Query = Object.freeze(Object.create(null) as Query);
const MAX_PARAMETERS = 50;
const MAX_LENGTH = 4_096;
const REMEMBERED = 1_000;

/**
 * Parses query strings, remembering the last ones: a list is polled with the same few queries, and the same string
 * gives the same frozen object, so that its validation can be remembered by identity too (`ValidationPipe`).
 */
export class QueryParser {
  private readonly seen = new Map<string, Query>();

  /** @throws BadRequest for broken percent-encoding, NUL, lone surrogates, a name such as `__proto__`, or more than 50 parameters. */
  parse(text: string | null | undefined): Query {
    if (!text) return EMPTY;
    const known = this.seen.get(text);
    if (known) return known;
    const query = parseQuery(text);
    if (this.seen.size >= REMEMBERED) this.forgetOldest();
    this.seen.set(text, query);
    return query;
  }

  private forgetOldest(): void {
    const oldest = this.seen.keys().next();
    if (!oldest.done) this.seen.delete(oldest.value);
  }
}

function parseQuery(text: string): Query {
  if (text.length > MAX_LENGTH) throw new BadRequest(`The query is longer than ${MAX_LENGTH} characters`);
  const pairs = text.split('&');
  if (pairs.length > MAX_PARAMETERS) throw new BadRequest(`The query has more than ${MAX_PARAMETERS} parameters`);
  // No prototype: a parameter named like a method of Object is only a parameter.
  const query = Object.create(null) as Record<string, string | string[]>;
  for (const pair of pairs) {
    if (pair === '') continue;
    const cut = pair.indexOf('=');
    const name = decoded(cut < 0 ? pair : pair.slice(0, cut));
    const value = cut < 0 ? '' : decoded(pair.slice(cut + 1));
    if (reachesForPrototypes(name)) throw new BadRequest(`The query has a parameter that is not allowed: ${name}`);
    const before = query[name];
    query[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return Object.freeze(query);
}

function decoded(text: string): string {
  let result: string;
  try {
    result = text.includes('+') || text.includes('%') ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
  } catch {
    throw new BadRequest('The query is not validly percent-encoded');
  }
  const problem = problemOfText(result);
  if (problem) throw new BadRequest(`The query holds ${problem}`);
  return result;
}

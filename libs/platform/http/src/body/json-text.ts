import { BadRequest } from '@platform/kernel';
import { isUtf8 } from 'node:buffer';

/** Nesting that a body may have: class-transformer and JSON columns recurse (F32). */
export const MAX_DEPTH = 32;

const SUSPICIOUS = /\\u|"(?:__proto__|constructor|prototype)"/;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

const UNEXPECTED = 'Unexpected token';
/** V8's messages that quote nothing: "Expected ',' or '}' after property value in JSON at position 7 (line 1 column 8)". */
const WITH_PLACE = /^([A-Z][^"]*?)(?: in JSON)? at position \d+ \(line (\d+) column (\d+)\)$/;
/** Characters: the search parses the text some twenty times. */
const MOST_TO_SEARCH = 200_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Parse a JSON body, refusing what breaks things further in: bytes that are not UTF-8, nesting above 32, NUL and lone
 * surrogates (PostgreSQL cannot store them), keys that reach for prototypes, and bodies that are neither object nor array.
 * @throws BadRequest saying which.
 */
export function parseJsonBody(bytes: Buffer): object {
  if (!isUtf8(bytes)) throw new BadRequest('The request body is not valid UTF-8');
  if (isDeeperThan(bytes, MAX_DEPTH))
    throw new BadRequest(`The request body is nested deeper than ${MAX_DEPTH} levels`);
  // Some editors and clients begin with a byte order mark; RFC 8259 §8.1 lets a parser ignore it.
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const parsed = parse(text);
  if (typeof parsed !== 'object' || parsed === null) throw new BadRequest('The request body must be a JSON object');
  // Only an escape can smuggle such a character or hide a key; without either there is nothing to walk for.
  if (SUSPICIOUS.test(text)) refuseUnstorable(parsed);
  return parsed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadRequest(`The request body is not valid JSON: ${whereIn(text, (error as SyntaxError).message)}`);
  }
}

/**
 * Where a text stops being JSON, and what would have to stand there. The parser says so itself, but where it quotes the
 * text, which may hold a secret: those messages have no place, so it is looked for.
 */
function whereIn(text: string, message: string): string {
  const [, what = '', line = '', column = ''] = WITH_PLACE.exec(message) ?? [];
  if (what) return `${what.charAt(0).toLowerCase()}${what.slice(1)} at line ${line}, column ${column}`;
  if (!message.startsWith(UNEXPECTED)) return `it ends too early, at ${placeOf(text, text.length)}`;
  if (text.length > MOST_TO_SEARCH) return 'it holds an unexpected character';
  return `unexpected character at ${placeOf(text, offence(text))}`;
}

/** The index of the unexpected character: the last one of the shortest beginning that has it. */
function offence(text: string): number {
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isOffended(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return bad - 1;
}

function isOffended(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return (error as SyntaxError).message.startsWith(UNEXPECTED);
  }
}

function placeOf(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

/** One pass over the bytes, before anything recursive sees them. */
function isDeeperThan(bytes: Buffer, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index];
    if (inString) {
      if (byte === BACKSLASH) index++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > max) return true;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  return false;
}

function refuseUnstorable(value: unknown): void {
  if (typeof value === 'string') refuseText(value);
  else if (Array.isArray(value)) value.forEach(refuseUnstorable);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      if (reachesForPrototypes(key)) throw new BadRequest(`The request body has a key that is not allowed: ${key}`);
      refuseText(key);
      refuseUnstorable(inner);
    }
  }
}

function refuseText(text: string): void {
  const problem = problemOfText(text);
  if (problem) throw new BadRequest(`The request body holds ${problem}`);
}

/** Whether a key is one that merging code trips over; class-transformer drops them unseen, so validation cannot refuse. */
export function reachesForPrototypes(key: string): boolean {
  return FORBIDDEN_KEYS.has(key);
}

/** Why a text cannot be stored: a NUL character or half of a surrogate pair; null when it can. */
export function problemOfText(text: string): string | null {
  if (text.includes('\u0000')) return 'a NUL character';
  return text.isWellFormed() ? null : 'a lone surrogate';
}

import { type Json } from '@platform/kernel';

/**
 * JSON in the one form of RFC 8785 (JCS): members sorted by UTF-16 code units, no white space, numbers and strings as
 * ECMAScript prints them. Equal values give equal bytes, whatever order a database keeps their keys in.
 * @throws Error on what RFC 8785 excludes: NaN, infinities and lone surrogates.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return canonicalString(value);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Error(`${value} has no JSON form (RFC 8785 §3.2.2.3): record a finite number or null`);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  // The default order of sort() is by UTF-16 code units, as §3.2.3 asks.
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${canonicalString(key)}:${canonicalJson(member)}`).join(',')}}`;
}

function canonicalString(text: string): string {
  if (!text.isWellFormed()) {
    throw new Error('A string with a lone surrogate has no JSON form (RFC 8785 §3.2.2.2): make it well-formed first');
  }
  return JSON.stringify(text);
}

import { type Json, type JsonObject } from '@platform/kernel';
import { isSecretKey, REDACTED } from '@platform/observability';

/** Bounds of `details`: bytes of JSON, levels of nesting, characters of one string. */
export const DETAILS_BOUNDS = { bytes: 16_384, depth: 8, stringLength: 2_000 } as const;

// Numbers that identify a person or an account; the log's own list names the credentials.
const PERSONAL_NUMBER = /^(ssn|socialsecurity(number)?|bankaccount(number)?|routingnumber|taxid)$/;

/**
 * A copy of `details` that fits an audit row: within {@link DETAILS_BOUNDS}, secrets replaced by `[redacted]`, text that
 * both databases keep unchanged. What is left out is named, so a reader sees that something was.
 */
export function boundedDetails(details: JsonObject): JsonObject {
  const clean = boundedObject(details, 1);
  if (jsonBytes(clean) <= DETAILS_BOUNDS.bytes) return clean;
  return keepWhatFits(clean);
}

/** Text that PostgreSQL and SQLite both return as it was given: well-formed, without NUL, at most `length` units. */
export function storableText(text: string, length: number): string {
  return text.replaceAll('\0', '').slice(0, length).toWellFormed();
}

function boundedObject(value: object, depth: number): JsonObject {
  const copy: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    // Assigning `__proto__` would set a prototype instead of a member.
    if (member === undefined || key === '__proto__') continue;
    const name = storableText(key, 200);
    copy[name] = isConfidential(key, member) ? REDACTED : boundedValue(member, depth + 1);
  }
  return copy;
}

// The type says Json; at run time a service may still hand in a Date, a bigint or NaN.
function boundedValue(value: unknown, depth: number): Json {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'string') return boundedString(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (typeof value !== 'object') return boundedString(String(value));
  if (depth > DETAILS_BOUNDS.depth) return '[too deep]';
  return Array.isArray(value) ? value.map((item) => boundedValue(item, depth + 1)) : boundedObject(value, depth);
}

function boundedString(text: string): string {
  const { stringLength } = DETAILS_BOUNDS;
  if (text.length <= stringLength) return storableText(text, stringLength);
  return `${storableText(text, stringLength)}… [${text.length} characters]`;
}

function isConfidential(key: string, value: unknown): boolean {
  // That there was no value before, or is none now, is a fact worth keeping.
  if (value === null) return false;
  return isSecretKey(key, value) || PERSONAL_NUMBER.test(key.toLowerCase().replace(/[-_.\s]/g, ''));
}

function keepWhatFits(details: JsonObject): JsonObject {
  const kept: JsonObject = {};
  let room = DETAILS_BOUNDS.bytes - jsonBytes({ omitted_keys: Object.keys(details).length });
  let omitted = 0;
  for (const [key, value] of Object.entries(details)) {
    const marker = `[omitted: ${jsonBytes(value)} bytes]`;
    const fitting = [value, marker].find((candidate) => jsonBytes({ [key]: candidate }) <= room);
    if (fitting === undefined) {
      omitted++;
      continue;
    }
    kept[key] = fitting;
    room -= jsonBytes({ [key]: fitting });
  }
  return omitted > 0 ? { ...kept, omitted_keys: omitted } : kept;
}

function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

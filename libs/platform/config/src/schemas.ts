import { z } from 'zod';

const TRUE = new Set(['true', '1', 'yes', 'on']);
const FALSE = new Set(['false', '0', 'no', 'off']);

/** A whole number within bounds, both included. */
export function integer(min: number, max: number) {
  return z.coerce
    .number({ error: `expected a whole number from ${min} to ${max}` })
    .int({ error: `expected a whole number from ${min} to ${max}` })
    .min(min, { error: `expected at least ${min}` })
    .max(max, { error: `expected at most ${max}` });
}

/** true/false, 1/0, yes/no, on/off, in any case. */
export function flag() {
  return z.string().transform((text, context) => {
    const word = text.trim().toLowerCase();
    if (TRUE.has(word)) return true;
    if (FALSE.has(word)) return false;
    context.addIssue({ code: 'custom', message: 'expected true or false' });
    return z.NEVER;
  });
}

/** One of `words`, in any case. */
export function oneOf<const T extends string>(...words: readonly T[]) {
  return z.string().transform((text, context) => {
    const word = words.find((candidate) => candidate.toLowerCase() === text.trim().toLowerCase());
    if (word !== undefined) return word;
    const last = words.length > 1 ? ` or ${words.at(-1)}` : words[0];
    context.addIssue({ code: 'custom', message: `expected ${words.slice(0, -1).join(', ')}${last}` });
    return z.NEVER;
  });
}

/** A list as a JSON array of strings or separated by commas. */
export function list() {
  return z.string().transform((text, context) => {
    const trimmed = text.trim();
    if (!trimmed.startsWith('[')) return splitOnCommas(trimmed);
    try {
      return z.array(z.string()).parse(JSON.parse(trimmed));
    } catch {
      context.addIssue({ code: 'custom', message: 'expected a JSON array of strings or a comma-separated list' });
      return z.NEVER;
    }
  });
}

function splitOnCommas(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A rate such as `60/minute`. */
export interface Rate {
  /** Requests allowed within the window. */
  readonly limit: number;
  readonly windowSeconds: number;
}

const UNIT_SECONDS: Record<string, number> = { second: 1, minute: 60, hour: 3600, day: 86_400 };

/**
 * `<count>/<unit>`, unit second, minute, hour or day.
 * @throws Error with the reason when the text is not a rate.
 */
export function parseRate(text: string): Rate {
  const match = /^(\d{1,9})\/([a-z]+)$/.exec(text.trim());
  if (!match) throw new Error(`Invalid rate limit format: ${text}`);
  const windowSeconds = UNIT_SECONDS[match[2] ?? ''];
  if (!windowSeconds) throw new Error(`Invalid time unit: ${match[2]}`);
  return { limit: Number(match[1]), windowSeconds };
}

/** A {@link Rate} setting. */
export function rate() {
  return z.string().transform((text, context) => {
    try {
      return parseRate(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });
}

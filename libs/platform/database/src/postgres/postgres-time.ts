import { types } from 'pg';

const TIMESTAMPTZ = types.builtins.TIMESTAMPTZ;
/** `2026-11-28 09:47:12.123+00`: what a server in UTC sends for a time of the years 1000–9999. */
const FIXED = /^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})?\+00$/;

const parseAny: (text: string) => unknown = types.getTypeParser(TIMESTAMPTZ, 'text');

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

/**
 * A timestamptz as a Date, five times as fast as the driver's own parser for what our tables hold; a list of twenty rows
 * has forty. Anything else (other zones, microseconds, BC, infinity) is the driver's to read.
 */
export function parseTimestamptz(text: string): unknown {
  if (!FIXED.test(text)) return parseAny(text);
  const milliseconds = text.length === 26 ? twoDigits(text, 20) * 10 + text.charCodeAt(22) - 48 : 0;
  return new Date(
    Date.UTC(
      twoDigits(text, 0) * 100 + twoDigits(text, 2),
      twoDigits(text, 5) - 1,
      twoDigits(text, 8),
      twoDigits(text, 11),
      twoDigits(text, 14),
      twoDigits(text, 17),
      milliseconds,
    ),
  );
}

/** How our connections read values: as the driver does, but for {@link parseTimestamptz}. */
export const POSTGRES_TYPES = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown =>
    oid === TIMESTAMPTZ && format !== 'binary' ? parseTimestamptz : types.getTypeParser(oid, format),
};

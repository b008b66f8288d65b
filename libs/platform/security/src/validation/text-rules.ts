import { fieldCheck, type TextRule } from './field-check';

const EMAIL_MAX = 254;
const URL_MAX = 2_048;

// Labels are bounded and separated by dots that no label may hold, so matching is linear.
const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

/** E-mail address (spec 03 §8): trimmed, lower case, ASCII, at most 254 characters, a top-level domain. */
export const EMAIL_ADDRESS: TextRule = {
  name: 'isEmailAddress',
  schema: { format: 'email', maxLength: EMAIL_MAX },
  normalise: (text) => text.trim().normalize('NFC').toLowerCase(),
  problem: (text) => {
    if (text === '') return 'Email cannot be empty';
    if (text.length > EMAIL_MAX) return `Email too long (max ${EMAIL_MAX} characters)`;
    return EMAIL.test(text) && text.indexOf('@') <= 64 ? undefined : 'Invalid email format';
  },
};

/** Web address: http or https with a host, at most 2048 characters, no blanks, control characters or credentials. */
export const HTTP_URL: TextRule = {
  name: 'isHttpUrl',
  schema: { format: 'uri', maxLength: URL_MAX },
  normalise: (text) => text.trim(),
  problem: (text) => {
    if (text.length > URL_MAX) return `URL too long (max ${URL_MAX} characters)`;
    const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase();
    if (!scheme) return 'URL must include scheme (http or https)';
    if (scheme !== 'http' && scheme !== 'https') return 'URL scheme must be one of: http, https';
    // The parser forgives what is checked here: it drops tabs and line ends and adds missing slashes.
    if (!/^https?:\/\/[^/?#\\]/i.test(text)) return 'URL must include domain';
    const url = /[\s\p{Cc}\\]/u.test(text) ? null : URL.parse(text);
    if (!url) return 'Invalid URL format';
    return url.username || url.password ? 'URL must not carry credentials' : undefined;
  },
};

/** Control characters, line and paragraph separators, and what turns the direction of the text around. */
const NOT_FOR_DISPLAY = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * A character that leaves ink: a letter, digit, sign or symbol, but none that is ignored where it cannot be shown (zero
 * width, fillers, selectors) and not the empty Braille pattern. An accent alone has nothing to stand on.
 */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u;

/** A name to show: trimmed, composed (NFC), 1 to `max` characters, one of them visible, nothing that reorders text. */
export function displayName(max: number): TextRule {
  return {
    name: 'isDisplayName',
    schema: { minLength: 1, maxLength: max },
    normalise: (text) => text.trim().normalize('NFC'),
    problem: (text) => {
      if (text === '') return 'String too short (min 1 characters)';
      if (text.length > max) return `String too long (max ${max} characters)`;
      if (NOT_FOR_DISPLAY.test(text) || !text.isWellFormed()) return 'Contains characters that cannot be shown';
      return VISIBLE.test(text) ? undefined : 'Must have a visible character';
    },
  };
}

/** UUID of any version in its canonical lower-case form. */
export const CANONICAL_UUID: TextRule = {
  name: 'isCanonicalUuid',
  schema: { format: 'uuid' },
  normalise: (text) => text.trim().toLowerCase(),
  problem: (text) =>
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text) ? undefined : 'Invalid UUID format',
};

const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** The parser takes 30 February for 2 March, so what it read must be what was written. */
function isInCalendar(day: string): boolean {
  const read = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day);
}

/** A day of the calendar, years 0000–9999: RFC 3339 full-date. */
export const CALENDAR_DATE: TextRule = {
  name: 'isCalendarDate',
  schema: { format: 'date' },
  normalise: (text) => text.trim(),
  problem: (text) => (DAY.test(text) && isInCalendar(text) ? undefined : 'Must be a date such as 2026-11-22'),
};

/** An instant with its time zone: RFC 3339 date-time, without leap seconds, which JavaScript cannot read. */
export const TIMESTAMP: TextRule = {
  name: 'isTimestamp',
  schema: { format: 'date-time' },
  normalise: (text) => text.trim(),
  problem: (text) =>
    INSTANT.test(text) && isInCalendar(text.slice(0, 10)) ? undefined : 'Must be a time such as 2026-11-22T09:30:00Z',
};

/** DTO field: {@link EMAIL_ADDRESS}. */
export const IsEmailAddress = (): PropertyDecorator => fieldCheck(EMAIL_ADDRESS);

/** DTO field: {@link HTTP_URL}. */
export const IsHttpUrl = (): PropertyDecorator => fieldCheck(HTTP_URL);

/** DTO field: {@link displayName} of at most `max` UTF-16 units. */
export const IsDisplayName = (max = 255): PropertyDecorator => fieldCheck(displayName(max));

/** DTO field: {@link CANONICAL_UUID}. */
export const IsCanonicalUuid = (): PropertyDecorator => fieldCheck(CANONICAL_UUID);

/** DTO field: {@link CALENDAR_DATE}. */
export const IsCalendarDate = (): PropertyDecorator => fieldCheck(CALENDAR_DATE);

/** DTO field: {@link TIMESTAMP}. */
export const IsTimestamp = (): PropertyDecorator => fieldCheck(TIMESTAMP);

/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

// Longer texts are cut before any pattern looks at them: a log line is not an archive, and patterns stay cheap.
const MAX_TEXT = 4096;
const MAX_DEPTH = 8;
const MAX_ENTRIES = 50;

// Compared with the key in lower case without separators, so `Set-Cookie`, `client_secret` and `apiKey` all match.
const SECRET_KEY =
  /password|passwd|passphrase|secret|authorization|cookie|apikey|signature|signedpayload|privatekey|credential|otpcode|recoverycode/;
// Counters such as `prompt_tokens` are numbers and stay; a token is a text.
const TOKEN_KEY = /token|jwt/;

// Names of parameters whose values are secrets, or good for one use: those of OAuth and OpenID Connect (`code`, `state`,
// `code_verifier`, `id_token_hint`), of SAML, of signed links. The short words must stand alone: `design` holds `sig`.
const SECRET_WORD =
  'token|key|secret|signature|passw|code|otp|jwt|assertion|saml|verifier|credential|ticket|session|nonce';
const SHORT_WORD = '(?<![a-z])(?:state|sig|sid|pin|pwd|pass|auth)(?![a-z])';
const SECRET_PARAMETER = new RegExp(`${SECRET_WORD}|${SHORT_WORD}`, 'i');
const QUERY_SECRET = new RegExp(
  `([?&;][^=&?#\\s]{0,40}?(?:${SECRET_WORD}|${SHORT_WORD})[^=&?#\\s]{0,20}=)[^&#\\s"'<>]*`,
  'gi',
);
const PARAMETER = /([^&=]+)=([^&]+)/g;
// What no name gives away: 20 characters or more of a random text. An id of ours (a UUID) is none.
const RANDOM_TEXT = /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w.~+/=-]{20,}$|^[0-9a-f]{32,}$/;
// `https://host:3000/@me` carries no password; `postgres://user:p@ss/w@host` does, up to its last @.
const WEB_CREDENTIALS =
  /(\bhttps?:\/\/)(?:[^\s/?#"'<>@]{1,512}@|[^\s:/?#@]{0,256}:(?!\d{1,5}(?:[/?#]|$))[^\s"'<>]{0,512}@)/gi;
const OTHER_CREDENTIALS = /(\b(?!https?:)[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s"'<>]{0,768}@/gi;
const SCHEME_VALUE = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi;
const JWT = /\beyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?/g;
// `omni_live_…` of our own, `sk_live_…` and `rk_test_…` of Stripe; the few characters that lists show of a key stay.
const LIVE_KEY = /[a-z]{2,12}_(?:live|test)_[A-Za-z0-9_-]{12,}/g;
const ASSIGNED =
  /((?:password|passwd|secret|token|api_?key|authorization)["']?(?:=|["']\s*:\s*)["']?)[^\s"',&;}]{1,512}/gi;
const AT = /@|%40/;
const EMAIL = /([A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{0,63}((?:@|%40)[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6})/g;

/** How strict the scrubbers are; set once by `configureLogging`. */
export interface ScrubOptions {
  /** `a***@example.org` instead of the address: everywhere but in `local`. */
  readonly maskEmails: boolean;
}

/** A text without credentials: those in URLs, query tokens, bearer values, JWTs, API keys, `password=…`, and e-mail addresses. */
export function scrubText(text: string, options: ScrubOptions): string {
  let clean = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (${text.length} characters)` : text;
  if (clean.includes('@') && clean.includes('://')) {
    clean = clean.replace(WEB_CREDENTIALS, `$1${REDACTED}@`).replace(OTHER_CREDENTIALS, `$1${REDACTED}@`);
  }
  if (clean.includes('eyJ')) clean = clean.replace(JWT, REDACTED);
  if (isKeyLike(clean)) clean = clean.replace(LIVE_KEY, REDACTED);
  if (clean.includes(' ')) clean = clean.replace(SCHEME_VALUE, `$1 ${REDACTED}`);
  if (clean.includes('=') || clean.includes(':')) {
    clean = clean.replace(QUERY_SECRET, `$1${REDACTED}`).replace(ASSIGNED, `$1${REDACTED}`);
  }
  return withoutEmails(clean, options);
}

function withoutEmails(text: string, options: ScrubOptions): string {
  return options.maskEmails && AT.test(text) ? text.replace(EMAIL, '$1***$2') : text;
}

function isKeyLike(text: string): boolean {
  return text.includes('_live_') || text.includes('_test_');
}

/**
 * A request's target with the values of secret parameters replaced: by the name of the parameter, by what an address in
 * its value carries, and by looking random. Names and values are judged after decoding. E-mail addresses as in a text.
 */
export function scrubUrl(url: string, options: ScrubOptions): string {
  let clean = url.length > MAX_TEXT ? url.slice(0, MAX_TEXT) : url;
  // A proxy's form of a request names a whole address.
  if (clean.includes('://')) clean = clean.replace(WEB_CREDENTIALS, `$1${REDACTED}@`);
  if (clean.includes('eyJ')) clean = clean.replace(JWT, REDACTED);
  if (isKeyLike(clean)) clean = clean.replace(LIVE_KEY, REDACTED);
  const mark = clean.indexOf('?');
  if (mark >= 0) clean = clean.slice(0, mark + 1) + clean.slice(mark + 1).replace(PARAMETER, scrubParameter);
  return withoutEmails(clean, options);
}

function scrubParameter(parameter: string, name: string, value: string): string {
  const isSecret = SECRET_PARAMETER.test(decoded(name)) || isSecretValue(decoded(decoded(value)));
  return isSecret ? `${name}=${REDACTED}` : parameter;
}

/** Random, or with a secret parameter in it, as an address to go on to has. */
function isSecretValue(value: string): boolean {
  if (RANDOM_TEXT.test(value)) return true;
  return value.includes('=') && value.replace(QUERY_SECRET, '') !== value;
}

function decoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // A broken escape may hide anything: treat it as a secret.
    return '?secret=';
  }
}

/** Whether a field of this name holds a secret, whatever its spelling. */
export function isSecretKey(key: string, value: unknown): boolean {
  const plain = key.toLowerCase().replace(/[-_.\s]/g, '');
  if (SECRET_KEY.test(plain)) return true;
  return TOKEN_KEY.test(plain) && typeof value !== 'number' && typeof value !== 'boolean';
}

/** A copy of any value that is safe to log: secrets replaced at every depth, texts scrubbed, size bounded. */
export function scrubValue(value: unknown, options: ScrubOptions, depth = 0): unknown {
  if (typeof value === 'string') return scrubText(value, options);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return value === undefined ? undefined : `[${typeof value}]`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Error) return describeError(value, options);
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return scrubItems(value, options, depth);
  if (value instanceof Map)
    return scrubEntries(
      [...value].map(([key, item]) => [String(key), item]),
      options,
      depth,
    );
  if (value instanceof Set) return scrubItems([...value], options, depth);
  if (value instanceof URL) return scrubText(value.href, options);
  return scrubEntries(Object.entries(value), options, depth);
}

function scrubItems(items: readonly unknown[], options: ScrubOptions, depth: number): unknown[] {
  return items.slice(0, MAX_ENTRIES).map((item) => scrubValue(item, options, depth + 1));
}

function scrubEntries(entries: [string, unknown][], options: ScrubOptions, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [key, item] of entries.slice(0, MAX_ENTRIES)) {
    clean[key] = isSecretKey(key, item) ? REDACTED : scrubValue(item, options, depth + 1);
  }
  return clean;
}

/** An error as the log shows it. Drivers hang SQL, parameters and rows on their errors: only these fields are taken. */
export interface ErrorDescription {
  type: string;
  message: string;
  code?: string;
  traceback?: string;
  cause?: ErrorDescription;
}

const MAX_CAUSES = 4;

/** What an error says, scrubbed; anything that was thrown is accepted. */
export function describeError(thrown: unknown, options: ScrubOptions, depth = 0): ErrorDescription {
  if (!(thrown instanceof Error)) return { type: typeof thrown, message: textOf(thrown, options) };
  const description: ErrorDescription = { type: thrown.name, message: scrubText(String(thrown.message), options) };
  const { code } = thrown as { code?: unknown };
  if (typeof code === 'string' || typeof code === 'number') description.code = String(code);
  if (thrown.stack) description.traceback = scrubText(thrown.stack, options);
  if (thrown.cause !== undefined && depth < MAX_CAUSES) {
    description.cause = describeError(thrown.cause, options, depth + 1);
  } else if (thrown instanceof AggregateError && thrown.errors.length > 0 && depth < MAX_CAUSES) {
    description.cause = describeError(thrown.errors[0], options, depth + 1);
  }
  return description;
}

function textOf(thrown: unknown, options: ScrubOptions): string {
  if (typeof thrown === 'string') return scrubText(thrown, options);
  try {
    return JSON.stringify(scrubValue(thrown, options)) ?? String(thrown);
  } catch {
    return '[unprintable]';
  }
}

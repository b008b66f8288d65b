import { Log } from '@platform/observability';
import { type Header } from './security-headers';

/** What a browser's script may read of an answer (01 §4). */
export const EXPOSED_HEADERS = [
  'X-Request-ID',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-API-Version',
  'X-API-Latest-Version',
  'Deprecation',
  'Sunset',
  'X-Deprecation-Notice',
  'Link',
  'ETag',
  'Location',
  'Idempotency-Replayed',
  'X-Organization-Id',
].join(', ');

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const PREFLIGHT_SECONDS = '600';
const HEADER_NAMES = /^[A-Za-z0-9_\-, ]{0,1000}$/;
const NONE: readonly Header[] = [];

/** Pages of this very machine, as browsers write their origin. */
const LOOPBACK = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;
/** What browsers say of a file, a sandboxed frame, a redirect across origins: everybody's, so nobody's. */
const OPAQUE = 'null';
/** Origins are the choice of strangers: more than these are refused without a line. */
const MAX_TOLD = 100;
const MAX_ORIGIN = 200;

/**
 * Cross-origin rules (spec 03 §6): an exact list of origins, credentials for those alone. Where ENVIRONMENT is local also
 * pages of this machine, on any port, and pages of the API itself (D36).
 */
export class CrossOrigin {
  private readonly log = Log.for('http');
  private readonly listed: ReadonlyMap<string, readonly Header[]>;
  private readonly local: boolean;
  private readonly told = new Set<string>();

  /** @param origins in any spelling: a browser sends lower case, Punycode and no default port */
  constructor(origins: readonly string[], { local }: { local: boolean }) {
    this.listed = new Map(origins.map((origin) => new URL(origin).origin).map((origin) => [origin, answerTo(origin)]));
    this.local = local;
  }

  /** Whether a browser page of `origin` may call the API at `host`; also asked at the socket's handshake. */
  allows(origin: string, host: string | undefined): boolean {
    return this.listed.has(origin) || (this.local && (LOOPBACK.test(origin) || isOwn(origin, host)));
  }

  /** Headers for an answer to a request of `origin`; none for a stranger, which makes the browser refuse. */
  headersFor(origin: string, host: string | undefined): readonly Header[] {
    const answer = this.listed.get(origin);
    if (answer) return answer;
    if (this.allows(origin, host)) return answerTo(origin);
    // To a page of its own origin a browser shows every answer.
    if (!isOwn(origin, host)) this.tell(origin);
    return NONE;
  }

  /** Headers for a preflight: all methods, and the request headers that were asked for. */
  preflightHeaders(origin: string, host: string | undefined, requestHeaders: string | undefined): readonly Header[] {
    const answer = this.headersFor(origin, host);
    if (answer.length === 0) return NONE;
    const allowed = requestHeaders && HEADER_NAMES.test(requestHeaders) ? requestHeaders : '';
    return [
      ...answer,
      ['Access-Control-Allow-Methods', METHODS],
      ...(allowed ? [['Access-Control-Allow-Headers', allowed] as const] : []),
      ['Access-Control-Max-Age', PREFLIGHT_SECONDS],
    ];
  }

  /** Say once, in the log, that pages of `origin` are refused, and what to do if they should not be. */
  tell(origin: string): void {
    const short = origin.slice(0, MAX_ORIGIN);
    if (this.told.has(short) || this.told.size >= MAX_TOLD) return;
    this.told.add(short);
    this.log.warn(short === OPAQUE ? OPAQUE_REFUSED : REFUSED, { origin: short });
  }
}

const REFUSED =
  'A browser page of another origin is refused: if it is yours, add its origin to BACKEND_CORS_ORIGINS (http.corsOrigins)';
const OPAQUE_REFUSED =
  'A browser page without an origin (a file, a sandboxed frame) is refused: serve it over HTTP, and if it is not on this ' +
  'machine add its origin to BACKEND_CORS_ORIGINS (http.corsOrigins)';

function answerTo(origin: string): readonly Header[] {
  return [
    ['Access-Control-Allow-Origin', origin],
    ['Access-Control-Allow-Credentials', 'true'],
    ['Access-Control-Expose-Headers', EXPOSED_HEADERS],
  ];
}

/** Whether `origin` is the one under which the request came here; only a proxy knows with which scheme. */
export function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

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

/** Cross-origin rules: an exact list of origins, credentials for those alone (spec 03 §6). */
export class CrossOrigin {
  private readonly answers: ReadonlyMap<string, readonly Header[]>;

  constructor(origins: readonly string[]) {
    this.answers = new Map(
      origins.map((origin) => [
        origin,
        [
          ['Access-Control-Allow-Origin', origin],
          ['Access-Control-Allow-Credentials', 'true'],
          ['Access-Control-Expose-Headers', EXPOSED_HEADERS],
        ],
      ]),
    );
  }

  /** Whether a browser page of `origin` may call; also asked at the socket's handshake. */
  allows(origin: string): boolean {
    return this.answers.has(origin);
  }

  /** Headers for an answer to a request of `origin`; none for a stranger, which makes the browser refuse. */
  headersFor(origin: string | undefined): readonly Header[] {
    return (origin !== undefined && this.answers.get(origin)) || NONE;
  }

  /** Headers for a preflight: all methods, and the request headers that were asked for. */
  preflightHeaders(origin: string, requestHeaders: string | undefined): readonly Header[] {
    if (!this.allows(origin)) return NONE;
    const allowed = requestHeaders && HEADER_NAMES.test(requestHeaders) ? requestHeaders : '';
    return [
      ...this.headersFor(origin),
      ['Access-Control-Allow-Methods', METHODS],
      ...(allowed ? [['Access-Control-Allow-Headers', allowed] as const] : []),
      ['Access-Control-Max-Age', PREFLIGHT_SECONDS],
    ];
  }
}

import { AppError } from '@platform/kernel';

/** 404: no route has this path; names those that have it behind another prefix. */
export class RouteNotFound extends AppError {
  constructor(path: string, similar: readonly string[]) {
    const hint = similar.length > 0 ? `; did you mean ${similar.join(' or ')}?` : '';
    super(`Route not found${hint}`, {
      status: 404,
      code: 'NOT_FOUND',
      details: { resource: 'Route', id: path, ...(similar.length > 0 && { similar }) },
    });
  }
}

/** 412: the `If-Match` of the request can match no state of anything, whoever changed what. */
export class UnusableIfMatch extends AppError {
  constructor(reason: 'weak' | 'foreign', { resource, id }: { readonly resource?: unknown; readonly id?: unknown }) {
    super(
      reason === 'weak'
        ? 'If-Match holds a weak tag, which never matches (RFC 9110 §13.1.1): send the ETag of the resource without W/'
        : 'If-Match holds no tag of this API: send the ETag of the resource as it was answered, with its quotes',
      { status: 412, code: 'PRECONDITION_FAILED', details: { resource, id, reason } },
    );
  }
}

/** 405 with `Allow` (RFC 9110 §15.5.6): the path exists under another method. */
export class MethodNotAllowed extends AppError {
  constructor(method: string, allowed: readonly string[]) {
    super(`${method} is not possible here; use ${allowed.join(' or ')}`, {
      status: 405,
      code: 'METHOD_NOT_ALLOWED',
      headers: { Allow: allowed.join(', ') },
    });
  }
}

/** 413: the body is larger than the route takes; `limit` in bytes. */
export class PayloadTooLarge extends AppError {
  constructor(limit: number) {
    super(`The request body is larger than ${limit} bytes`, {
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
      details: { limit },
    });
  }
}

/** 415: the body is not in a form that the route reads; names what it reads. */
export class UnsupportedMediaType extends AppError {
  constructor(message: string, headers: Record<string, string> = {}) {
    super(message, { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE', headers });
  }
}

/** 429 with `Retry-After`, seconds until the window has room again. */
export class RateLimitExceeded extends AppError {
  constructor(retryAfterSeconds: number) {
    super(`Too many requests; try again in ${retryAfterSeconds} s`, {
      status: 429,
      code: 'RATE_LIMIT_EXCEEDED',
      details: { retry_after: retryAfterSeconds },
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
}

/** 500 for everything that the caller may not know about: the request id leads to the log line. */
export class InternalError extends AppError {
  constructor(requestId: string, cause: unknown) {
    super('An unexpected error occurred', {
      status: 500,
      code: 'INTERNAL_ERROR',
      details: { request_id: requestId },
      cause,
    });
  }
}

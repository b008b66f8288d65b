import { TENANT_HEADER } from '@platform/security';
import { errorResponse, header, reference, type Schema } from './schemas';

/** The headers that a rate-limited route sets on every answer. */
export const RATE_LIMIT_HEADERS = [
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'RateLimit-Policy',
  'RateLimit',
] as const;

/** `components.headers`: the response headers that more than one route sets. */
export const HEADERS: Readonly<Record<string, Schema>> = {
  'X-Request-ID': header('Id of the request.'),
  'X-RateLimit-Limit': header('Calls within the window.', 'integer'),
  'X-RateLimit-Remaining': header('Calls that are left.', 'integer'),
  'X-RateLimit-Reset': header('Unix seconds at which calls become free.', 'integer'),
  'RateLimit-Policy': header('draft-ietf-httpapi-ratelimit-headers: name, quota, window.'),
  RateLimit: header('draft-ietf-httpapi-ratelimit-headers: name, remaining, seconds until reset.'),
  'Idempotency-Replayed': header('`true` when this is the first answer again.'),
  ETag: header('Version of a single resource.'),
  'Retry-After': header('Seconds to wait.', 'integer'),
  'WWW-Authenticate': header('The challenge (RFC 6750 §3).'),
};

/** `components.parameters`: the request headers that the pipeline reads. */
export const PARAMETERS: Readonly<Record<string, Schema>> = {
  [TENANT_HEADER.name]: parameter(TENANT_HEADER.name, TENANT_HEADER.description, 36),
  'Idempotency-Key': parameter(
    'Idempotency-Key',
    'Repeat the request with the same key and get the first answer again.',
    255,
  ),
  'If-None-Match': parameter('If-None-Match', 'The ETag you have; 304 while it is current.'),
  'If-Match': parameter('If-Match', 'The ETag you changed from; 412 when it is not current any more.'),
};

/** Every error that a route may answer, by its status; the name is the class that the server raises. */
const ERRORS: Readonly<Record<number, readonly [name: string, response: Schema]>> = {
  400: ['BadRequest', errorResponse('The request is malformed')],
  401: ['AuthenticationFailed', errorResponse('No credentials, or such that do not hold', 'WWW-Authenticate')],
  403: ['AccessDenied', errorResponse('The caller may not do this')],
  404: ['NotFound', errorResponse("Missing, deleted or somebody else's")],
  409: ['Conflict', errorResponse('The request contradicts what is stored', 'Retry-After')],
  410: ['Gone', errorResponse('It can be used no more')],
  412: ['PreconditionFailed', errorResponse('`If-Match` is not the current version')],
  413: ['PayloadTooLarge', errorResponse('The body is larger than the route takes')],
  415: ['UnsupportedMediaType', errorResponse('The body is not JSON in UTF-8')],
  422: ['ValidationFailed', errorResponse('A field or parameter is not acceptable; `details` names it')],
  429: ['RateLimitExceeded', errorResponse('Too many requests', 'Retry-After', ...RATE_LIMIT_HEADERS)],
  500: ['InternalError', errorResponse('Unexpected; the request id leads to the log')],
  503: ['ServiceUnavailable', errorResponse('A dependency is away', 'Retry-After')],
};

/** `components.responses`: a generated client has one name for each error. */
export const RESPONSES: Readonly<Record<string, Schema>> = Object.fromEntries(Object.values(ERRORS));

/** Reference to the named response of a status, with what it means here; undefined when the status has no name. */
export function errorReference(status: number, description?: string): Schema | undefined {
  const error = ERRORS[status];
  return error && { ...reference(error[0], 'responses'), ...(description !== undefined && { description }) };
}

function parameter(name: string, description: string, maxLength?: number): Schema {
  return {
    name,
    in: 'header',
    required: false,
    description,
    schema: { type: 'string', ...(maxLength && { maxLength }) },
  };
}

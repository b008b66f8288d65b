import { TENANT_HEADER } from '@platform/security';
import { type PlannedRoute } from '../pipeline/route-registry';
import { errorResponse, header, type Schema } from './schemas';

const RETRY_AFTER = { 'Retry-After': header('Seconds to wait.', 'integer') };

/** The headers that a rate-limited route sets on every answer. */
export const RATE_LIMIT_HEADERS: Record<string, Schema> = {
  'X-RateLimit-Limit': header('Calls within the window.', 'integer'),
  'X-RateLimit-Remaining': header('Calls that are left.', 'integer'),
  'X-RateLimit-Reset': header('Unix seconds at which calls become free.', 'integer'),
  'RateLimit-Policy': header('draft-ietf-httpapi-ratelimit-headers: name, quota, window.'),
  RateLimit: header('draft-ietf-httpapi-ratelimit-headers: name, remaining, seconds until reset.'),
};

/** The errors that a route can answer by what it declares; status → response. */
export function errorResponses({ path, plan, stated }: PlannedRoute): Record<string, Schema> {
  const named = /[:*]/.test(path);
  const responses: Record<string, Schema> = {
    400: errorResponse('The request is malformed'),
    422: errorResponse('A field or parameter is not acceptable; `details` names it'),
    500: errorResponse('Unexpected; the request id leads to the log'),
    503: errorResponse('A dependency is away', RETRY_AFTER),
  };
  if (!plan.isPublic || stated.changes) {
    responses[401] = errorResponse('No credentials, or such that do not hold', {
      'WWW-Authenticate': header('The challenge (RFC 6750 §3).'),
    });
  }
  if (!plan.isPublic || stated.changes) responses[403] = errorResponse('The caller may not do this');
  // Whom a signed-in caller acts for may be unknown, too: `X-Organization-Id`.
  if (named || plan.feature || !plan.isPublic) responses[404] = errorResponse("Missing, deleted or somebody else's");
  if (stated.changes) {
    responses[404] ??= errorResponse('Something that the request refers to is missing');
    responses[409] = errorResponse('The request contradicts what is stored', RETRY_AFTER);
    responses[413] = errorResponse(`The body is larger than ${plan.bodyLimit} bytes`);
    responses[415] = errorResponse('The body is not JSON in UTF-8');
    if (stated.ifMatch) responses[412] = errorResponse('`If-Match` is not the current version');
  }
  // Whom a caller acts for is decided with who they are, before any route.
  if (!plan.isPublic) responses[404] ??= errorResponse('The tenant to act for is missing, or none of the caller’s');
  if (plan.policy) responses[429] = errorResponse('Too many requests', { ...RETRY_AFTER, ...RATE_LIMIT_HEADERS });
  return responses;
}

/** Where people act for themselves or for a tenant. */
const FOR_TENANTS = /^\/api\/v\d+\/app\//;

/** Request headers that the route understands beside what its parameters say. */
export function requestHeaders(
  { path, plan, stated }: PlannedRoute,
  { tagged, tenants }: { tagged: boolean; tenants: boolean },
): Schema[] {
  return [
    ...(tenants && !plan.isPublic && FOR_TENANTS.test(path)
      ? [parameter(TENANT_HEADER.name, TENANT_HEADER.description, 36)]
      : []),
    ...(plan.idempotent
      ? [parameter('Idempotency-Key', 'Repeat the request with the same key and get the first answer again.', 255)]
      : []),
    ...(tagged ? [parameter('If-None-Match', 'The ETag you have; 304 while it is current.')] : []),
    ...(stated.ifMatch
      ? [parameter('If-Match', 'The ETag you changed from; 412 when it is not current any more.')]
      : []),
  ];
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

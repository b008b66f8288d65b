import { TENANT_HEADER } from '@platform/security';
import { type PlannedRoute } from '../pipeline/route-registry';
import { reference, type Schema } from './schemas';
import { errorReference } from './shared-components';

/** The errors that a route can answer by what it declares; status → response. */
export function errorResponses({ path, plan, stated }: PlannedRoute): Record<string, Schema | undefined> {
  const hasSubject = /[:*]/.test(path) || plan.feature !== undefined || !plan.isPublic;
  const needsCaller = !plan.isPublic || stated.changes;
  return {
    400: errorReference(400),
    ...(needsCaller && { 401: errorReference(401), 403: errorReference(403) }),
    // Whom a signed-in caller acts for may be unknown, too: `X-Organization-Id`.
    ...(hasSubject && { 404: errorReference(404) }),
    ...(stated.changes && {
      404: errorReference(404, hasSubject ? undefined : 'Something that the request refers to is missing'),
      409: errorReference(409),
      ...(stated.ifMatch && { 412: errorReference(412) }),
      413: errorReference(413, `The body is larger than ${plan.bodyLimit} bytes`),
      415: errorReference(415),
    }),
    422: errorReference(422),
    ...(plan.policy && { 429: errorReference(429) }),
    500: errorReference(500),
    503: errorReference(503),
  };
}

/** Where people act for themselves or for a tenant. */
const FOR_TENANTS = /^\/api\/v\d+\/app\//;

/** Request headers that the route understands beside what its parameters say. */
export function requestHeaders(
  { path, plan, stated }: PlannedRoute,
  { tagged, tenants }: { tagged: boolean; tenants: boolean },
): Schema[] {
  const names = [
    tenants && !plan.isPublic && FOR_TENANTS.test(path) && TENANT_HEADER.name,
    plan.idempotent && 'Idempotency-Key',
    tagged && 'If-None-Match',
    stated.ifMatch && 'If-Match',
  ];
  return names.filter((name) => name !== false).map((name) => reference(name, 'parameters'));
}

import { z } from 'zod';
import { code, markdownTable, page } from './markdown';

const ROUTE = z.object({
  method: z.string(),
  path: z.string(),
  handler: z.string(),
  /** The permission, or `public`. */
  access: z.string(),
  why: z.string().optional(),
  rate_limit: z.string(),
  rate_limit_by: z.string().optional(),
  feature: z.string().optional(),
  quota: z.string().optional(),
  metric: z.string().optional(),
  idempotent: z.boolean(),
  step_up: z.literal(true).optional(),
  for_oneself: z.literal(true).optional(),
  audit: z.string().optional(),
});

const DESCRIPTION = z.object({
  routes: z.array(ROUTE),
  openapi: z.object({ v1: z.record(z.string(), z.unknown()), v2: z.record(z.string(), z.unknown()) }),
});

/** One route of the API. */
export type RouteLine = z.infer<typeof ROUTE>;

/** What the API process says of itself: its routes and both OpenAPI documents. */
export type ApiDescription = z.infer<typeof DESCRIPTION>;

/** Read what `api --describe` printed. @throws ZodError when it is of another build. */
export function readApiDescription(printed: unknown): ApiDescription {
  return DESCRIPTION.parse(printed);
}

/** The same route in both versions as one line: `/api/{v1,v2}/app/projects`. */
export function foldVersions(routes: readonly RouteLine[]): RouteLine[] {
  const folded = new Map<string, { line: RouteLine; versions: string[] }>();
  for (const line of routes) {
    const version = /^\/api\/(v\d+)\//.exec(line.path)?.[1];
    const path = version ? line.path.replace(`/${version}/`, '/{version}/') : line.path;
    const key = `${line.method} ${path} ${line.handler}`;
    const known = folded.get(key);
    if (known) known.versions.push(version ?? '');
    else folded.set(key, { line: { ...line, path }, versions: version ? [version] : [] });
  }
  return [...folded.values()].map(({ line, versions }) => {
    const text = versions.length > 1 ? `{${versions.join(',')}}` : (versions[0] ?? '');
    return { ...line, path: line.path.replace('{version}', text) };
  });
}

/** `docs/reference/routes.md`. */
export function routesPage(routes: readonly RouteLine[]): string {
  const rows = foldVersions(routes).map((route) => [
    route.method,
    code(route.path),
    route.access === 'public' ? `public: ${route.why ?? ''}` : code(route.access),
    route.rate_limit_by ? `${route.rate_limit} by ${route.rate_limit_by}` : route.rate_limit,
    promises(route),
    code(route.handler),
  ]);
  const purpose =
    'Every route that the API process serves. A route without an access rule stops the boot, so this list is complete. ' +
    'Bodies and answers: `openapi.v1.json` beside this file, v2 the same in its envelope; or `/docs` of a running API.';
  return page('Routes', purpose, [markdownTable(['Method', 'Path', 'Open to', 'Rate limit', 'Also', 'Handler'], rows)]);
}

function promises(route: RouteLine): string {
  const parts = [
    route.idempotent && 'takes an `Idempotency-Key`',
    route.step_up && 'needs a recent proof of identity',
    route.for_oneself && 'acts for oneself',
    route.feature && `behind the flag ${code(route.feature)}`,
    route.quota && `within the quota ${code(route.quota)}`,
    route.metric && `counts ${code(route.metric)}`,
    route.audit &&
      (route.audit.startsWith('none: ') ? `not audited (${route.audit.slice(6)})` : `audited as ${code(route.audit)}`),
  ];
  return parts.filter(Boolean).join(', ') || '–';
}

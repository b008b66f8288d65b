/** The label of requests that no route took: one, or a scanner would fill the registry. */
export const UNMATCHED = 'unmatched';

const ID_SEGMENT = /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

/** The label of a route template: `/api/v1/app/projects/{id}` from `…/:id`; a bare id becomes `{id}` too. */
export function endpointLabel(template: string | undefined): string {
  if (!template) return UNMATCHED;
  return template
    .split('/')
    .map((segment) => {
      if (segment.startsWith(':')) return `{${segment.slice(1)}}`;
      return ID_SEGMENT.test(segment) ? '{id}' : segment;
    })
    .join('/');
}

const HEALTH = /^(?:\/api\/v\d+\/public)?\/health(?:\/(?:live|ready))?\/?$/;
const OPERATIONS =
  /^(?:\/api\/v\d+\/public\/metrics(?:\/health)?|\/docs(?:\/.*)?|\/redoc(?:\/.*)?|(?:\/api\/v\d+)?\/openapi\.json|\/favicon\.ico)$/;

/** Whether requests to this route or path leave no log line: probes ask every second. */
export function isUnlogged(path: string): boolean {
  return HEALTH.test(path);
}

/** Whether requests to this route or path are not counted: probes, scrapes and documents. */
export function isUnmetered(path: string): boolean {
  return HEALTH.test(path) || OPERATIONS.test(path);
}

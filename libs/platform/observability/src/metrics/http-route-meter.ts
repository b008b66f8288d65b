import { type MetricFamilies } from './catalogue';

/** Counts the requests of one route. Made once per route, so that a request allocates nothing for its labels. */
export interface HttpRouteMeter {
  /** A request came in. Every call is followed by one of {@link finished}. */
  started(): void;
  /** It was answered, or the client left; `status` is what was sent, 500 when nothing was. */
  finished(status: number, seconds: number): void;
}

/** For routes on the skip list. */
export const SILENT_METER: HttpRouteMeter = Object.freeze({ started: () => undefined, finished: () => undefined });

/** Meter of one method and endpoint. */
export function httpRouteMeter(families: MetricFamilies, method: string, endpoint: string): HttpRouteMeter {
  const route = { method, endpoint };
  const inProgress = families.httpInProgress.labels(route);
  const byStatus = new Map<number, ReturnType<typeof families.httpRequests.labels>>();
  return {
    started: () => inProgress.inc(),
    finished: (status, seconds) => {
      inProgress.dec();
      families.httpSeconds.observe(route, seconds);
      let requests = byStatus.get(status);
      if (!requests) {
        requests = families.httpRequests.labels({ ...route, status_code: String(status) });
        byStatus.set(status, requests);
      }
      requests.inc();
    },
  };
}

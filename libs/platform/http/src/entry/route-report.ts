import { type Metrics } from '@platform/observability';

/** How one route is counted and logged; made on its first request. */
export interface RouteReport {
  readonly template: string | undefined;
  readonly meter: ReturnType<Metrics['http']>;
  readonly logged: boolean;
}

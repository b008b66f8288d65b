import { collectDefaultMetrics, Registry } from 'prom-client';

let runtime: Registry | undefined;

/**
 * prom-client's own collectors, apart from ours: two of their names (`process_cpu_seconds_total`,
 * `process_open_fds`) are ours too, so only the `nodejs_…` ones are kept. One set for the process.
 */
export function runtimeRegistry(): Registry {
  if (runtime) return runtime;
  runtime = new Registry();
  collectDefaultMetrics({ register: runtime });
  for (const { name } of runtime.getMetricsAsArray()) {
    if (!name.startsWith('nodejs_')) runtime.removeSingleMetric(name);
  }
  return runtime;
}

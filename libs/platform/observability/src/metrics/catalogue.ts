import { getOrCreateMetric } from '@willsoto/nestjs-prometheus';
import { type Counter, type Gauge, type Histogram } from 'prom-client';

// Names, labels and buckets are those of the dashboards: spec 06 §1. Changing one breaks a panel.

const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
  // The package returns the common base class of all metrics; the first argument says which one it made.
  getOrCreateMetric('Counter', { name, help, labelNames }) as unknown as Counter<L>;

const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]): Gauge<L> =>
  // As above.
  getOrCreateMetric('Gauge', { name, help, labelNames }) as unknown as Gauge<L>;

const histogram = <L extends string>(
  name: string,
  help: string,
  labelNames: readonly L[],
  buckets: number[],
): Histogram<L> =>
  // As above.
  getOrCreateMetric('Histogram', { name, help, labelNames, buckets }) as unknown as Histogram<L>;

const HTTP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const QUERY_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const JOB_SECONDS = [0.1, 0.5, 1, 5, 10, 30, 60, 300];

function httpFamilies() {
  const route = ['method', 'endpoint'] as const;
  return {
    httpRequests: counter('http_requests_total', 'HTTP requests answered', [...route, 'status_code']),
    httpSeconds: histogram('http_request_duration_seconds', 'Time to answer', route, HTTP_SECONDS),
    httpInProgress: gauge('http_requests_in_progress', 'HTTP requests being answered', route),
    rateLimitHits: counter('rate_limit_hits_total', 'Requests refused by a limit', ['endpoint', 'client_type']),
  };
}

function storeFamilies() {
  const query = ['operation', 'table'] as const;
  return {
    dbQueries: counter('db_queries_total', 'Database statements', query),
    dbSeconds: histogram('db_query_duration_seconds', 'Time of a statement', query, QUERY_SECONDS),
    dbPool: gauge('db_pool_connections', 'Connections of the pool; overflow: callers that wait', ['state']),
    dbErrors: counter('db_errors_total', 'Failed statements by SQLSTATE or SQLite code', ['error_type']),
    cacheHits: counter('cache_hits_total', 'Answers from the cache', ['cache_type']),
    cacheMisses: counter('cache_misses_total', 'Answers that had to be computed', ['cache_type']),
    redisConnections: gauge('redis_connections', 'Open connections to Redis', []),
  };
}

function jobFamilies() {
  return {
    jobs: counter('background_jobs_total', 'Jobs by what became of them', ['job_name', 'status']),
    jobSeconds: histogram('background_job_duration_seconds', 'Time of a job that ended', ['job_name'], JOB_SECONDS),
    jobQueue: gauge('background_job_queue_size', 'Jobs that wait', ['queue_name']),
  };
}

function processFamilies() {
  return {
    appInfo: gauge('app_info', 'What runs', ['name', 'environment', 'version']),
    uptime: gauge('app_uptime_seconds', 'Seconds since the process began', []),
    memory: gauge('process_memory_bytes', 'Memory of the process', ['type']),
    cpu: counter('process_cpu_seconds_total', 'Processor time used', ['mode']),
    openFds: gauge('process_open_fds', 'Open file descriptors', []),
    threads: gauge('process_threads', 'Threads of the process', []),
    system: gauge('system_info', 'Where it runs', ['runtime_version', 'platform', 'platform_release', 'processor']),
  };
}

function authFamilies() {
  return {
    authEvents: counter('auth_events_total', 'Sign-ins and their kin', ['event', 'provider']),
    authFailures: counter('auth_failures_total', 'Refused credentials', ['reason']),
    tokens: counter('token_operations_total', 'What happened to tokens', ['operation']),
  };
}

function socketFamilies() {
  return {
    sockets: gauge('websocket_connections', 'Open sockets', ['status']),
    socketMessages: counter('websocket_messages_total', 'Socket messages', ['direction', 'type']),
  };
}

/**
 * Every series that has a source, in the one registry of the process; made by the first call, found by the next.
 * Series of later features (AI, billing, webhooks) join when their source exists.
 */
export function metricFamilies() {
  return {
    ...httpFamilies(),
    ...storeFamilies(),
    ...jobFamilies(),
    ...processFamilies(),
    ...authFamilies(),
    ...socketFamilies(),
  };
}

/** The series of {@link metricFamilies} by what they are called in code. */
export type MetricFamilies = ReturnType<typeof metricFamilies>;

export { reportBootFailure, reportNotices } from './boot-failure';
export { releaseBootMemory } from './boot-memory';
export {
  type ComponentHealth,
  type HealthCheck,
  HealthChecks,
  type HealthFacts,
  type HealthReport,
} from './health/health-checks';
export { Lifecycle } from './lifecycle';
export { listenFailure, type ListenPlace } from './listen-failure';
export { configureLogging, flushLogs, Log, type LogFacts, type LoggingOptions, type LogLevel } from './log';
export { endpointLabel, isUnlogged, isUnmetered, UNMATCHED } from './metrics/endpoint-label';
export { type HttpRouteMeter } from './metrics/http-route-meter';
export { Metrics, type Scrape } from './metrics/metrics';
export { NestLog } from './nest-log';
export { ObservabilityConfig } from './observability.config';
export { ObservabilityModule } from './observability.module';
export { packageVersion } from './package-version';
export { type FinishedRequest, RequestLog } from './request-log';
export { describeError, isSecretKey, REDACTED, scrubText, scrubUrl, scrubValue } from './scrub';

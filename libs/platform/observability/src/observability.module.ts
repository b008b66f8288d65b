import { type BeforeApplicationShutdown, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { CoreConfig } from '@platform/config';
import { Domain } from '@platform/kernel';
import { DatabaseHealth } from './health/database-health';
import { HealthChecks } from './health/health-checks';
import { Lifecycle } from './lifecycle';
import { configureLogging, flushLogs } from './log';
import { DatabaseMetrics } from './metrics/database-metrics';
import { Metrics } from './metrics/metrics';
import { ObservabilityConfig } from './observability.config';
import { packageVersion } from './package-version';
import { RequestLog } from './request-log';

/** Logs, metrics and health for the whole process. */
@Global()
@Module({
  // Its own lines would repeat a failing check at every probe: HealthChecks writes one per change.
  imports: [TerminusModule.forRoot({ logger: false })],
  providers: [Metrics, HealthChecks, Lifecycle, RequestLog, DatabaseMetrics, DatabaseHealth],
  exports: [Metrics, HealthChecks, Lifecycle, RequestLog],
})
@Domain({ name: 'platform/observability', settings: [ObservabilityConfig] })
export class ObservabilityModule implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    core: CoreConfig,
    config: ObservabilityConfig,
    metrics: Metrics,
    private readonly lifecycle: Lifecycle,
  ) {
    configureLogging({
      level: config.logLevel,
      format: config.logFormat ?? (core.isLocal ? 'text' : 'json'),
      service: core.projectName,
      environment: core.environment,
    });
    metrics.describe({ name: core.projectName, environment: core.environment, version: packageVersion() });
  }

  beforeApplicationShutdown(): void {
    this.lifecycle.beginDrain();
  }

  onApplicationShutdown(): void {
    flushLogs();
  }
}

import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Clock } from '@platform/kernel';
import {
  type ComponentHealth,
  HealthChecks,
  type HealthReport,
  Lifecycle,
  ObservabilityConfig,
} from '@platform/observability';
import {
  type ComponentDto,
  type ComponentV2Dto,
  type HealthDto,
  type HealthV2Dto,
  type ReadinessDto,
  type ReadinessV2Dto,
} from './dto/health.dto';
import { seesDetails } from './metrics-gate';

/** An answer with the status it is sent with. */
export interface Answer<T> {
  readonly status: 200 | 503;
  readonly body: T;
}

/** Health as the routes tell it (spec 01 §8 and §11): in production up or down, and the rest to the operator. */
@Injectable()
export class Readiness {
  constructor(
    private readonly checks: HealthChecks,
    private readonly lifecycle: Lifecycle,
    private readonly core: CoreConfig,
    private readonly observability: ObservabilityConfig,
    private readonly clock: Clock,
  ) {}

  /** The process answers; nothing else is asked. */
  alive(): HealthDto {
    return { status: 'healthy', timestamp: this.clock.now() };
  }

  /** The same for v2. */
  aliveV2(authorization: string | undefined): HealthV2Dto {
    const { status, timestamp } = this.alive();
    const uptime = rounded(this.lifecycle.uptimeSeconds);
    const details = { service: this.core.projectName, uptime_seconds: uptime };
    return { status, timestamp, version: 'v2', ...(this.isOperator(authorization) && details) };
  }

  /** Whether requests should be sent here: 503 when the database is away and while the process drains. */
  async ready(authorization: string | undefined): Promise<Answer<ReadinessDto>> {
    const report = await this.report();
    const timestamp = this.clock.now();
    if (!this.isOperator(authorization)) return answer(report, { status: upOrDown(report), timestamp });
    return answer(report, { status: report.status, timestamp, components: mapped(report, componentOf) });
  }

  /** The same for v2, with latencies and versions. */
  async readyV2(authorization: string | undefined): Promise<Answer<ReadinessV2Dto>> {
    const report = await this.report();
    const { version, service, uptime_seconds, timestamp } = this.aliveV2(authorization);
    if (!this.isOperator(authorization)) return answer(report, { status: upOrDown(report), timestamp, version });
    const components = mapped(report, componentV2Of);
    const { environment } = this.core;
    return answer(report, {
      status: report.status,
      timestamp,
      version,
      service,
      environment,
      uptime_seconds,
      components,
    });
  }

  private isOperator(authorization: string | undefined): boolean {
    const access = { token: this.observability.metricsToken, production: this.core.isProduction };
    return seesDetails(authorization, access);
  }

  private async report(): Promise<HealthReport> {
    const report = await this.checks.report();
    return this.lifecycle.draining ? { ...report, status: 'unhealthy' } : report;
  }
}

/** Degraded is up: requests are served. */
function upOrDown({ status }: HealthReport): 'healthy' | 'unhealthy' {
  return status === 'unhealthy' ? 'unhealthy' : 'healthy';
}

function answer<T>(report: HealthReport, body: T): Answer<T> {
  return { status: report.status === 'unhealthy' ? 503 : 200, body };
}

function mapped<T>(report: HealthReport, map: (component: ComponentHealth) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(report.components).map(([name, component]) => [name, map(component)]));
}

function componentOf({ status, error, clockOffsetMs }: ComponentHealth): ComponentDto {
  return { status, ...(error && { error }), ...(clockOffsetMs !== null && { clock_offset_ms: clockOffsetMs }) };
}

function componentV2Of({ status, latencyMs, version, error, clockOffsetMs }: ComponentHealth): ComponentV2Dto {
  return { status, latency_ms: latencyMs, version, error, clock_offset_ms: clockOffsetMs };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}

import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Clock } from '@platform/kernel';
import { type ComponentHealth, HealthChecks, type HealthReport, Lifecycle } from '@platform/observability';
import {
  type ComponentDto,
  type ComponentV2Dto,
  type HealthDto,
  type HealthV2Dto,
  type ReadinessDto,
  type ReadinessV2Dto,
} from './dto/health.dto';

/** An answer with the status it is sent with. */
export interface Answer<T> {
  readonly status: 200 | 503;
  readonly body: T;
}

/** Health as the routes tell it (spec 01 §8 and §11). */
@Injectable()
export class Readiness {
  constructor(
    private readonly checks: HealthChecks,
    private readonly lifecycle: Lifecycle,
    private readonly core: CoreConfig,
    private readonly clock: Clock,
  ) {}

  /** The process answers; nothing else is asked. */
  alive(): HealthDto {
    return { status: 'healthy', timestamp: this.clock.now() };
  }

  /** The same for v2. */
  aliveV2(): HealthV2Dto {
    return {
      status: 'healthy',
      timestamp: this.clock.now(),
      version: 'v2',
      service: this.core.projectName,
      uptime_seconds: rounded(this.lifecycle.uptimeSeconds),
    };
  }

  /** Whether requests should be sent here: 503 when the database is away and while the process drains. */
  async ready(): Promise<Answer<ReadinessDto>> {
    const report = await this.report();
    const components = mapped(report, componentOf);
    return answer(report, { status: report.status, timestamp: this.clock.now(), components });
  }

  /** The same for v2, with latencies and versions. */
  async readyV2(): Promise<Answer<ReadinessV2Dto>> {
    const report = await this.report();
    const { version, service, uptime_seconds, timestamp } = this.aliveV2();
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

  private async report(): Promise<HealthReport> {
    const report = await this.checks.report();
    return this.lifecycle.draining ? { ...report, status: 'unhealthy' } : report;
  }
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

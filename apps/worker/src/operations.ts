import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { HealthChecks, Lifecycle, Metrics, ObservabilityConfig } from '@platform/observability';
import { constantTimeEqual } from '@platform/crypto';

/** What a question of the operator's tools is answered with. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What the worker says about itself. */
@Injectable()
export class Operations {
  constructor(
    private readonly core: CoreConfig,
    private readonly observability: ObservabilityConfig,
    private readonly lifecycle: Lifecycle,
    private readonly health: HealthChecks,
    private readonly metrics: Metrics,
  ) {}

  /** The answer to GET `path`. */
  async answer(path: string, authorization: string | undefined): Promise<Answer> {
    switch (path) {
      case '/health/live':
        return json(200, { status: 'healthy' });
      case '/health/ready':
        return this.ready(authorization);
      case '/metrics':
        return this.mayScrape(authorization) ? this.scrape() : json(401, { status: 'METRICS_TOKEN is needed' });
      default:
        return json(404, { status: 'not found' });
    }
  }

  /** As in the API: in production up or down, and the parts to the bearer of METRICS_TOKEN. */
  private async ready(authorization: string | undefined): Promise<Answer> {
    const report = await this.health.report();
    const isUp = report.status !== 'unhealthy' && !this.lifecycle.draining;
    const status = this.lifecycle.draining ? 'draining' : report.status;
    const isToldAll = !this.core.isProduction || this.isOperator(authorization);
    const body = isToldAll ? { status, components: report.components } : { status: isUp ? 'healthy' : 'unhealthy' };
    return json(isUp ? 200 : 503, body);
  }

  /** As in the API: with METRICS_TOKEN its bearer, without it everybody but in production. */
  private mayScrape(authorization: string | undefined): boolean {
    return this.observability.metricsToken ? this.isOperator(authorization) : !this.core.isProduction;
  }

  private isOperator(authorization: string | undefined): boolean {
    const token = this.observability.metricsToken;
    return !!token && constantTimeEqual(/^Bearer (\S+)$/i.exec(authorization ?? '')?.[1] ?? '', token);
  }

  private async scrape(): Promise<Answer> {
    const { contentType, body } = await this.metrics.scrape();
    return { status: 200, type: contentType, body };
  }
}

/** A JSON answer. */
export function json(status: number, content: object): Answer {
  return { status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(content)}\n` };
}

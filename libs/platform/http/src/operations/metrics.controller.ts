import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { CoreConfig } from '@platform/config';
import { Metrics, ObservabilityConfig } from '@platform/observability';
import { Public } from '@platform/security';
import { type HttpResponse } from '../http-request';
import { MetricsHealthDto } from './dto/metrics-health.dto';
import { requireMetricsToken } from './metrics-gate';

/** What Prometheus reads; handed to `@willsoto/nestjs-prometheus` in place of its open controller. */
@ApiTags('metrics')
@Controller({ path: 'public/metrics', version: '1' })
@Public('Prometheus has no account: METRICS_TOKEN guards it, always so in production')
export class MetricsController {
  constructor(
    private readonly core: CoreConfig,
    private readonly config: ObservabilityConfig,
    private readonly metrics: Metrics,
  ) {}

  /** All series in the Prometheus text format. */
  @Get()
  @ApiProduces('text/plain')
  async scrape(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<string> {
    this.requireToken(authorization);
    const { contentType, body } = await this.metrics.scrape();
    response.setHeader('Content-Type', contentType);
    response.setHeader('Cache-Control', 'no-store');
    return body;
  }

  /** Whether metrics are kept at all. */
  @Get('health')
  health(@Headers('authorization') authorization: string | undefined): MetricsHealthDto {
    this.requireToken(authorization);
    return { status: 'healthy', prometheus_available: true, environment: this.core.environment };
  }

  private requireToken(authorization: string | undefined): void {
    requireMetricsToken(authorization, { token: this.config.metricsToken, production: this.core.isProduction });
  }
}

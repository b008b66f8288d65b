import { Controller, Get, Header, Headers, Res, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { Public, RateLimit } from '@platform/security';
import { type HttpResponse } from '../http-request';
import { Flat } from '../pipeline/flat';
import { UNLIMITED } from '../pipeline/route-plan';
import { HealthDto, HealthV2Dto, ReadinessDto, ReadinessV2Dto } from './dto/health.dto';
import { type Answer, Readiness } from './readiness';

/** Health for clients of v1. */
@ApiTags('health')
@Controller({ path: 'public/health', version: '1' })
@Public('a probe carries no credentials; in production it learns no more than up or down without METRICS_TOKEN')
@RateLimit(UNLIMITED)
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Whether the process runs. */
  @Get()
  @Header('Cache-Control', 'no-store')
  alive(): HealthDto {
    return this.readiness.alive();
  }

  /** Whether the service can do its work; 503 when it cannot or is about to stop. */
  @Get('ready')
  @ApiServiceUnavailableResponse({ type: ReadinessDto, description: 'Not ready; `components` say what is away' })
  @Header('Cache-Control', 'no-store')
  async ready(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ReadinessDto> {
    return sent(response, await this.readiness.ready(authorization));
  }
}

/** Health for clients of v2: flat, so that probes stay simple. */
@ApiTags('health')
@Controller({ path: 'public/health', version: '2' })
@Public('a probe carries no credentials; in production it learns no more than up or down without METRICS_TOKEN')
@RateLimit(UNLIMITED)
@Flat()
export class HealthV2Controller {
  constructor(private readonly readiness: Readiness) {}

  /** Whether the process runs. */
  @Get()
  @Header('Cache-Control', 'no-store')
  alive(@Headers('authorization') authorization: string | undefined): HealthV2Dto {
    return this.readiness.aliveV2(authorization);
  }

  /** Whether the service can do its work, part by part; 503 when it cannot or is about to stop. */
  @Get('ready')
  @ApiServiceUnavailableResponse({ type: ReadinessV2Dto, description: 'Not ready; `components` say what is away' })
  @Header('Cache-Control', 'no-store')
  async ready(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ReadinessV2Dto> {
    return sent(response, await this.readiness.readyV2(authorization));
  }
}

/** The same for orchestrators, at addresses that no version changes (D23). */
@ApiTags('health')
@Controller({ path: 'health', version: VERSION_NEUTRAL })
@Public('a probe carries no credentials; in production it learns no more than up or down without METRICS_TOKEN')
@RateLimit(UNLIMITED)
export class ProbeController {
  constructor(private readonly readiness: Readiness) {}

  /** Whether the process runs: restart it when this fails. */
  @Get('live')
  @Header('Cache-Control', 'no-store')
  live(): HealthDto {
    return this.readiness.alive();
  }

  /** Whether to send requests here. */
  @Get('ready')
  @ApiServiceUnavailableResponse({ type: ReadinessDto, description: 'Not ready; `components` say what is away' })
  @Header('Cache-Control', 'no-store')
  async ready(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<ReadinessDto> {
    return sent(response, await this.readiness.ready(authorization));
  }
}

function sent<T>(response: HttpResponse, { status, body }: Answer<T>): T {
  response.status(status);
  return body;
}

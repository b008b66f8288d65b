import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { Domain } from '@platform/kernel';
import { Edge } from './edge/edge';
import { RequestReport } from './edge/request-report';
import { ErrorFilter } from './errors/error.filter';
import { HttpConfig } from './http.config';
import { OpenApi } from './openapi/open-api';
import { OperationsModule } from './operations/operations.module';
import { InputPipe } from './paging/validation.pipe';
import { AccessJudge } from './pipeline/access-judge';
import { CallCounter } from './pipeline/call-counter';
import { Idempotency } from './pipeline/idempotency';
import { PipelineGuard } from './pipeline/pipeline.guard';
import { PipelineInterceptor } from './pipeline/pipeline.interceptor';
import { Ports } from './pipeline/ports';
import { Presenter } from './pipeline/presenter';
import { RouteCensus } from './pipeline/route-census';
import { GracefulShutdown } from './server/graceful-shutdown';

const PUBLISHED = [Edge, RequestReport, RouteCensus, GracefulShutdown, OpenApi];

/** The request pipeline of the process: one guard, one pipe, one interceptor, one filter. */
@Global()
@Module({
  imports: [DiscoveryModule, OperationsModule],
  providers: [
    ...PUBLISHED,
    Ports,
    AccessJudge,
    CallCounter,
    Presenter,
    Idempotency,
    { provide: APP_GUARD, useClass: PipelineGuard },
    { provide: APP_PIPE, useClass: InputPipe },
    { provide: APP_INTERCEPTOR, useClass: PipelineInterceptor },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
  exports: PUBLISHED,
})
@Domain({ name: 'platform/http', settings: [HttpConfig] })
export class HttpModule {}

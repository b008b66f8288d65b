import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { Domain } from '@platform/kernel';
import { EntryMiddleware } from './entry/entry.middleware';
import { RequestReport } from './entry/request-report';
import { ErrorFilter } from './errors/error.filter';
import { HttpConfig } from './http.config';
import { OpenApi } from './openapi/open-api';
import { OperationsModule } from './operations/operations.module';
import { InputPipe } from './paging/validation.pipe';
import { Authorizer } from './pipeline/authorizer';
import { CallCounter } from './pipeline/call-counter';
import { Idempotency } from './pipeline/idempotency';
import { PipelineGuard } from './pipeline/pipeline.guard';
import { PipelineInterceptor } from './pipeline/pipeline.interceptor';
import { Ports } from './pipeline/ports';
import { Presenter } from './pipeline/presenter';
import { RouteRegistry } from './pipeline/route-registry';
import { GracefulShutdown } from './server/graceful-shutdown';

const PUBLISHED = [EntryMiddleware, RequestReport, RouteRegistry, GracefulShutdown, OpenApi];

/** The request pipeline of the process: one guard, one pipe, one interceptor, one filter. */
@Global()
@Module({
  imports: [DiscoveryModule, OperationsModule],
  providers: [
    ...PUBLISHED,
    Ports,
    Authorizer,
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

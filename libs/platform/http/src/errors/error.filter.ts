import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { auditEntryOf, AuditTrail } from '@platform/audit';
import { type AppError } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type HttpRequest, type HttpResponse } from '../http-request';
import { type RequestContext, requestContextOf } from '../request-context';
import { withReasonOfIfMatch } from '../paging/etag';
import { RouteRegistry } from '../pipeline/route-registry';
import { answerError } from './answer-error';
import { appErrorOf } from './app-error-of';
import { MethodNotAllowed, RouteNotFound } from './http-errors';

const NAME_OF_OUTCOME = new Map<number, 'refused' | 'failed'>([
  [401, 'refused'],
  [403, 'refused'],
  // A foreign id looks missing to the caller; the trail knows who asked for it.
  [404, 'refused'],
  [500, 'failed'],
]);

/** Answers every error of the process over HTTP: controllers, guards, pipes, unknown routes, broken requests. */
@Catch()
@Injectable()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = Log.for('http');

  constructor(
    private readonly trail: AuditTrail,
    private readonly registry: RouteRegistry,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    // A gateway answers its own clients in its own way.
    if (host.getType() !== 'http') throw error;
    const request = host.getArgByIndex<HttpRequest>(0);
    const response = host.getArgByIndex<HttpResponse>(1);
    const context = requestContextOf(request);
    const path = pathOf(request.originalUrl);
    const appError = withReasonOfIfMatch(
      this.forUnknownRoute(appErrorOf(error, context.requestId, path), context, request, path),
      request.headers['if-match'],
    );
    if (appError.status >= 500) this.report(appError, error, context);
    if (response.headersSent) {
      // The answer has begun as something else: cutting it off is the one sign left that it is not whole.
      response.destroy();
      return;
    }
    await this.record(appError, context, request);
    answerError(appError, request, response, context.requestId);
  }

  private forUnknownRoute(appError: AppError, context: RequestContext, request: HttpRequest, path: string): AppError {
    if (appError.status !== 404 || context.plan) return appError;
    const methods = this.registry.methodsOf(path);
    if (methods.length > 0) return new MethodNotAllowed(request.method, methods);
    return new RouteNotFound(path, this.registry.similarTo(path));
  }

  private report(appError: AppError, error: unknown, context: RequestContext): void {
    const facts = { error: appError.cause ?? error, code: appError.code, route: context.plan?.name };
    if (appError.status === 503) this.log.warn('Service unavailable', facts);
    else this.log.error('Unexpected error', facts);
  }

  private async record(appError: AppError, { plan }: RequestContext, request: HttpRequest): Promise<void> {
    const outcome = NAME_OF_OUTCOME.get(appError.status);
    if (!plan?.audit || !outcome) return;
    const entry = auditEntryOf(plan.audit, request.params);
    await this.trail.refused({ ...entry, outcome, details: { status: appError.status, code: appError.code } });
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

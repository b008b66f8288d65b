import { type ArgumentsHost, Catch, type ExceptionFilter, Injectable } from '@nestjs/common';
import { auditEntryOf, AuditTrail } from '@platform/audit';
import { type AppError } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type Exchange, exchangeOf, type HttpRequest, type HttpResponse } from '../exchange';
import { withReasonOfIfMatch } from '../paging/etag';
import { RouteCensus } from '../pipeline/route-census';
import { answerError } from './answer-error';
import { findingOf } from './finding-of';
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
    private readonly census: RouteCensus,
  ) {}

  async catch(error: unknown, host: ArgumentsHost): Promise<void> {
    // A gateway answers its own clients in its own way.
    if (host.getType() !== 'http') throw error;
    const request = host.getArgByIndex<HttpRequest>(0);
    const response = host.getArgByIndex<HttpResponse>(1);
    const exchange = exchangeOf(request);
    const path = pathOf(request.originalUrl);
    const finding = withReasonOfIfMatch(
      this.forUnknownRoute(findingOf(error, exchange.requestId, path), exchange, request, path),
      request.headers['if-match'],
    );
    if (finding.status >= 500) this.report(finding, error, exchange);
    if (response.headersSent) {
      // The answer has begun as something else: cutting it off is the one sign left that it is not whole.
      response.destroy();
      return;
    }
    await this.record(finding, exchange, request);
    answerError(finding, request, response, exchange.requestId);
  }

  private forUnknownRoute(finding: AppError, exchange: Exchange, request: HttpRequest, path: string): AppError {
    if (finding.status !== 404 || exchange.plan) return finding;
    const methods = this.census.methodsOf(path);
    if (methods.length > 0) return new MethodNotAllowed(request.method, methods);
    return new RouteNotFound(path, this.census.similarTo(path));
  }

  private report(finding: AppError, error: unknown, exchange: Exchange): void {
    const facts = { error: finding.cause ?? error, code: finding.code, route: exchange.plan?.name };
    if (finding.status === 503) this.log.warn('Service unavailable', facts);
    else this.log.error('Unexpected error', facts);
  }

  private async record(finding: AppError, { plan }: Exchange, request: HttpRequest): Promise<void> {
    const outcome = NAME_OF_OUTCOME.get(finding.status);
    if (!plan?.audit || !outcome) return;
    const entry = auditEntryOf(plan.audit, request.params);
    await this.trail.refused({ ...entry, outcome, details: { status: finding.status, code: finding.code } });
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

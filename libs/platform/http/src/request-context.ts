import { type Actor, type WorkContext } from '@platform/kernel';
import { type IncomingMessage } from 'node:http';
import { type ApiVersion } from './entry/api-version';
import { type RouteReport } from './entry/route-report';
import { type HttpRequest, type HttpResponse } from './http-request';
import { type RoutePlan } from './pipeline/route-plan';

/** One request with what is known of it so far; it is also the context that log lines and audit rows read. */
export class RequestContext implements WorkContext {
  /** Set by the pipeline once the caller is known. */
  actor?: Actor;
  /** Set by the pipeline once the route is known. */
  plan?: RoutePlan;
  /** Set by the pipeline once the route is known. */
  report?: RouteReport;

  constructor(
    readonly request: HttpRequest,
    readonly response: HttpResponse,
    readonly requestId: string,
    readonly clientAddress: string,
    readonly userAgent: string | undefined,
    readonly traceparent: string | undefined,
    /** The version in the path; null outside of `/api/v1` and `/api/v2`. */
    readonly version: ApiVersion | null,
  ) {}
}

const REQUEST_CONTEXT = Symbol('omnistack.http.request-context');

/** Attach `context` to its request. */
export function attachRequestContext(context: RequestContext): void {
  (context.request as { [REQUEST_CONTEXT]?: RequestContext })[REQUEST_CONTEXT] = context;
}

/** The context of a request that came through the entry middleware. */
export function requestContextOf(request: IncomingMessage): RequestContext {
  const context = (request as { [REQUEST_CONTEXT]?: RequestContext })[REQUEST_CONTEXT];
  if (!context)
    throw new Error(
      'The request did not pass the entry middleware: create the app with httpAdapter() and call configureHttp()',
    );
  return context;
}

import { Injectable } from '@nestjs/common';
import { isUnlogged, Metrics, RequestLog } from '@platform/observability';
import { type ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { type RequestContext } from '../request-context';
import { type RouteReport } from './route-report';

/** One log line and one count for every answer, from one listener per request. */
@Injectable()
export class RequestReport {
  /** Answers that are not finished; shutdown waits for them. */
  readonly running = new Set<ServerResponse>();
  private readonly routes = new Map<string, RouteReport>();

  constructor(
    private readonly metrics: Metrics,
    private readonly log: RequestLog,
  ) {}

  /** Follow one context from its entry to its end. */
  follow(context: RequestContext): void {
    const { response } = context;
    const began = performance.now();
    // Express rewrites `url` while it routes.
    const { url } = context.request;
    this.running.add(response);
    response.once('close', () => {
      this.running.delete(response);
      this.finish(context, url, (performance.now() - began) / 1_000);
    });
  }

  /** The pipeline found the route: count it as in progress. */
  routed(context: RequestContext): void {
    const { method, route } = context.request;
    // Express types the matched route as any; its path is the template it was registered under.
    context.report = this.reportOf(method, route.path as string);
    context.report.meter.started();
  }

  private finish(context: RequestContext, url: string, seconds: number): void {
    const { request, response } = context;
    const { method } = request;
    const report = context.report ?? this.unrouted(method);
    // A client that left before the answer saw none; 499 is the word of proxies for it.
    const status = response.headersSent ? response.statusCode : 499;
    report.meter.finished(status, seconds);
    if (!report.logged || (report.template === undefined && isUnlogged(pathOf(url)))) return;
    this.log.finished({
      method,
      url,
      route: report.template,
      status,
      seconds,
      clientAddress: context.clientAddress,
      context,
    });
  }

  private unrouted(method: string): RouteReport {
    const meter = this.metrics.http(method, undefined);
    meter.started();
    return { template: undefined, meter, logged: true };
  }

  private reportOf(method: string, template: string): RouteReport {
    const key = `${method} ${template}`;
    let report = this.routes.get(key);
    if (!report) {
      report = { template, meter: this.metrics.http(method, template), logged: !isUnlogged(template) };
      this.routes.set(key, report);
    }
    return report;
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

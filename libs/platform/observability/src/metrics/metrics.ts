import { Injectable } from '@nestjs/common';
import { register, Registry } from 'prom-client';
import { metricFamilies, type MetricFamilies } from './catalogue';
import { endpointLabel, isUnmetered } from './endpoint-label';
import { type HttpRouteMeter, httpRouteMeter, SILENT_METER } from './http-route-meter';
import { describeProcess, sampleProcess } from './process-sample';
import { runtimeRegistry } from './runtime-registry';

/** What a scrape answers. */
export interface Scrape {
  readonly contentType: string;
  readonly body: string;
}

/** Every series that the process keeps. Names and labels: docs of spec 06 §1. No method throws. */
@Injectable()
export class Metrics {
  private readonly families: MetricFamilies = metricFamilies();
  private readonly meters = new Map<string, HttpRouteMeter>();
  private readonly samplers: (() => void | Promise<void>)[] = [];

  /** The constant series; called at start. */
  describe(app: { name: string; environment: string; version: string }): void {
    describeProcess(this.families, app);
  }

  /** The counter of a route by its template (`/api/v1/app/projects/:id`); undefined: no route took the request. */
  http(method: string, template: string | undefined): HttpRouteMeter {
    if (template && isUnmetered(template)) return SILENT_METER;
    const endpoint = endpointLabel(template);
    const key = `${method} ${endpoint}`;
    const known = this.meters.get(key);
    if (known) return known;
    const made = httpRouteMeter(this.families, method, endpoint);
    this.meters.set(key, made);
    return made;
  }

  databaseQuery(operation: string, table: string, seconds: number): void {
    const labels = { operation, table };
    this.families.dbQueries.inc(labels);
    this.families.dbSeconds.observe(labels, seconds);
  }

  databaseFailed(errorType: string): void {
    this.families.dbErrors.inc({ error_type: errorType });
  }

  /** `overflow`: callers that wait for a connection. */
  databasePool(state: { idle: number; active: number; overflow: number }): void {
    this.families.dbPool.set({ state: 'idle' }, state.idle);
    this.families.dbPool.set({ state: 'active' }, state.active);
    this.families.dbPool.set({ state: 'overflow' }, state.overflow);
  }

  cacheHit(cacheType: string): void {
    this.families.cacheHits.inc({ cache_type: cacheType });
  }

  cacheMiss(cacheType: string): void {
    this.families.cacheMisses.inc({ cache_type: cacheType });
  }

  redisConnections(open: number): void {
    this.families.redisConnections.set(open);
  }

  jobEnqueued(job: string): void {
    this.families.jobs.inc({ job_name: job, status: 'enqueued' });
  }

  jobStarted(job: string): void {
    this.families.jobs.inc({ job_name: job, status: 'started' });
  }

  jobEnded(job: string, status: 'completed' | 'failed', seconds: number): void {
    this.families.jobs.inc({ job_name: job, status });
    this.families.jobSeconds.observe({ job_name: job }, seconds);
  }

  jobsWaiting(queue: string, count: number): void {
    this.families.jobQueue.set({ queue_name: queue }, count);
  }

  authEvent(event: 'login' | 'logout' | 'signup' | 'token_refresh' | 'failed', provider = 'jwt'): void {
    this.families.authEvents.inc({ event, provider });
  }

  authFailure(reason: 'invalid_token' | 'expired_token' | 'invalid_credentials' | 'rate_limited'): void {
    this.families.authFailures.inc({ reason });
  }

  token(operation: 'issued' | 'verified' | 'revoked' | 'expired'): void {
    this.families.tokens.inc({ operation });
  }

  /** A limit refused a request; `template` is the route's. */
  rateLimitHit(template: string | undefined, clientType: 'ip' | 'user' | 'api_key'): void {
    this.families.rateLimitHits.inc({ endpoint: endpointLabel(template), client_type: clientType });
  }

  sockets(connected: number, authenticated: number): void {
    this.families.sockets.set({ status: 'connected' }, connected);
    this.families.sockets.set({ status: 'authenticated' }, authenticated);
  }

  socketMessage(direction: 'sent' | 'received', type: 'message' | 'ping' | 'pong'): void {
    this.families.socketMessages.inc({ direction, type });
  }

  /** Have `sampler` set its gauges before each scrape; one that fails leaves the last value. */
  beforeScrape(sampler: () => void | Promise<void>): void {
    this.samplers.push(sampler);
  }

  /** All series in the Prometheus text format. */
  async scrape(): Promise<Scrape> {
    const samples = this.samplers.map(async (sampler) => sampler());
    await Promise.allSettled([sampleProcess(this.families), ...samples]);
    const all = Registry.merge([register, runtimeRegistry()]);
    return { contentType: register.contentType, body: await all.metrics() };
  }

  /** The snapshot of spec 06 §2. */
  snapshot(environment: string) {
    return {
      uptime_seconds: process.uptime(),
      prometheus_available: true,
      environment,
      metric_families: register.getMetricsAsArray().length,
    };
  }
}

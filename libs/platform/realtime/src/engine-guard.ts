import { ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { answerError, Edge, RateLimitExceeded, SOCKET_PATH } from '@platform/http';
import { Ids } from '@platform/kernel';
import { Log, Metrics } from '@platform/observability';
import { addressSubject, RateLimiter, type RateLimitPolicy } from '@platform/security';
import { type Connection, type Engine, type EngineRequest } from './engine';
import { FloodGuard } from './flood-guard';
import { RealtimeConfig } from './realtime.config';
import { SparseWarning } from './sparse-warning';

/**
 * What a request to Engine.IO passes before Engine.IO sees it, as the edge does for the REST API: headers, origin, and
 * the count of handshakes by client address. A handshake is every request but those of a session's long polling.
 */
@Injectable()
export class EngineGuard {
  private readonly tooMany = new SparseWarning(
    Log.for('realtime'),
    'Socket handshakes are refused: one address makes more than RATE_LIMIT_SOCKETS (realtime.handshakes) allows; if it is ' +
      "your proxy's, name it in TRUSTED_PROXIES (http.trustedProxies)",
  );
  private readonly policy: RateLimitPolicy;

  constructor(
    readonly floods: FloodGuard,
    private readonly edge: Edge,
    private readonly limiter: RateLimiter,
    private readonly ids: Ids,
    private readonly metrics: Metrics,
    config: RealtimeConfig,
  ) {
    this.policy = { name: 'sockets', ...config.handshakes };
  }

  /** Stand before `engine`, and watch what comes through. */
  protect(engine: Engine): void {
    engine.opts.allowRequest = ({ headers: { origin, host } }, decide) => {
      // Programs send no Origin; a browser always does, and its user did not choose the page.
      const isAllowed = origin === undefined || this.edge.crossOrigin.allows(origin, host);
      if (!isAllowed) this.edge.crossOrigin.tell(origin);
      decide(null, isAllowed);
    };
    engine.use((request, response, next) => this.setHeaders(request, response, next));
    engine.use((request, response, next) => {
      const session = sessionOf(engine, request, response);
      if (!session) return this.countHandshake(request, response, next);
      this.endOnRefusal(session, response);
      return next();
    });
    this.floods.watch(engine);
  }

  private setHeaders(request: EngineRequest, response: ServerResponse, next: () => void): void {
    const { origin, host, 'access-control-request-headers': requestHeaders } = request.headers;
    const rules = this.edge.crossOrigin;
    response.setHeader('X-Request-ID', this.ids.next());
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    if (origin === undefined) return next();
    const isPreflight = request.method === 'OPTIONS';
    const headers = isPreflight ? rules.preflightHeaders(origin, host, requestHeaders) : rules.headersFor(origin, host);
    for (const [name, value] of headers) response.setHeader(name, value);
    if (isPreflight) response.writeHead(204).end();
    else next();
  }

  private async countHandshake(request: EngineRequest, response: ServerResponse, next: () => void): Promise<void> {
    const { socket } = request;
    const isUpgrade = !(response instanceof ServerResponse);
    // Node takes its listeners off a connection that asks for an upgrade; one that breaks now would end the process.
    if (isUpgrade) socket.on('error', () => socket.destroy());
    const address = this.edge.clientAddressOf(request);
    const { allowed, retryAfter } = await this.limiter.consume(this.policy, addressSubject(address));
    if (allowed) return next();
    this.metrics.rateLimitHit(SOCKET_PATH, 'ip');
    this.tooMany.warn({ client_ip: address });
    if (!isUpgrade) {
      return answerError(
        new RateLimitExceeded(retryAfter),
        request,
        response,
        String(response.getHeader('X-Request-ID')),
      );
    }
    socket.write(`HTTP/1.1 429 Too Many Requests\r\nRetry-After: ${retryAfter}\r\nConnection: close\r\n\r\n`);
    socket.destroySoon();
  }

  /** Long polling that breaks a rule (too many bytes, two requests at once) ends, as a WebSocket does. */
  private endOnRefusal(session: Connection, response: ServerResponse): void {
    response.once('finish', () => {
      if (response.statusCode >= 400) this.floods.end(session);
    });
  }
}

/** The session that a request of long polling belongs to. */
function sessionOf(engine: Engine, request: EngineRequest, response: ServerResponse): Connection | undefined {
  const isPolling = response instanceof ServerResponse && (request.method === 'GET' || request.method === 'POST');
  const { sid } = request._query;
  return isPolling && sid !== undefined && Object.hasOwn(engine.clients, sid) ? engine.clients[sid] : undefined;
}

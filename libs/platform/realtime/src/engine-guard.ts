import { ServerResponse, STATUS_CODES } from 'node:http';
import { Injectable } from '@nestjs/common';
import { answerError, EntryMiddleware } from '@platform/http';
import { AccessDenied, AppError, Ids } from '@platform/kernel';
import { type Connection, type Engine, type EngineRequest } from './engine';
import { FloodGuard } from './flood-guard';
import { HandshakeLimit } from './handshake-limit';

/**
 * What a request to Engine.IO passes before Engine.IO sees it, as the entry middleware does for the REST API: headers, origin, and
 * the count of handshakes by client address. A handshake is every request but those of a session's long polling.
 */
@Injectable()
export class EngineGuard {
  constructor(
    readonly floods: FloodGuard,
    private readonly handshakes: HandshakeLimit,
    private readonly entry: EntryMiddleware,
    private readonly ids: Ids,
  ) {}

  /** Stand before `engine`, and watch what comes through. */
  protect(engine: Engine): void {
    engine.use((request, response, next) => this.setHeaders(request, response, next));
    engine.use((request, response, next) => this.checkOrigin(request, response, next));
    engine.use((request, response, next) => {
      const session = sessionOf(engine, request, response);
      if (!session) return this.countHandshake(request, response, next);
      this.endOnRefusal(session, response);
      return next();
    });
    this.floods.watch(engine);
  }

  private setHeaders({ headers, socket }: EngineRequest, response: ServerResponse, next: () => void): void {
    // Node takes its listeners off a connection that asks for an upgrade; one that breaks now would end the process.
    if (!(response instanceof ServerResponse)) socket.on('error', () => socket.destroy());
    response.setHeader('X-Request-ID', this.ids.next());
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    const { origin, host } = headers;
    const allowed = origin === undefined ? [] : this.entry.crossOrigin.headersFor(origin, host);
    for (const [name, value] of allowed) response.setHeader(name, value);
    next();
  }

  /** Programs send no Origin; a browser always does, and its user did not choose the page. */
  private checkOrigin(request: EngineRequest, response: ServerResponse, next: () => void): void {
    const { origin, host, 'access-control-request-headers': requestHeaders } = request.headers;
    const rules = this.entry.crossOrigin;
    if (origin !== undefined && !rules.allows(origin, host)) {
      rules.tell(origin);
      return refuse(new AccessDenied('Pages of this origin may not open a socket'), request, response);
    }
    if (origin === undefined || request.method !== 'OPTIONS') return next();
    for (const [name, value] of rules.preflightHeaders(origin, host, requestHeaders)) response.setHeader(name, value);
    response.writeHead(204).end();
  }

  private async countHandshake(request: EngineRequest, response: ServerResponse, next: () => void): Promise<void> {
    try {
      await this.handshakes.count(request);
    } catch (error) {
      // Anything else ends the request too: Engine.IO answers 400.
      if (!(error instanceof AppError)) throw error;
      return refuse(error, request, response);
    }
    next();
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

/** An upgrade is told the status and no more: a WebSocket client reads nothing else. */
function refuse(error: AppError, request: EngineRequest, response: ServerResponse): void {
  if (response instanceof ServerResponse) {
    return answerError(error, request, response, String(response.getHeader('X-Request-ID')));
  }
  const { socket } = request;
  const headers = Object.entries({ ...error.headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? 'Refused'}`, ...headers];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.destroySoon();
}

import { type IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Injectable } from '@nestjs/common';
import { EntryMiddleware, SOCKET_PATH } from '@platform/http';
import { Log, Metrics } from '@platform/observability';
import { boundedWebSockets } from './bounded-web-sockets';
import { type Connection, type Engine, type WebSocket, webSocketOf } from './engine';
import { SOCKET_LIMITS } from './limits';
import { RealtimeConfig } from './realtime.config';
import { SparseWarning } from './sparse-warning';
import { TokenBucket } from './token-bucket';

/** Who is behind a connection. */
export interface Occupant {
  readonly userId: string;
  /** Tell them that they sent too much, and disconnect them. */
  sayGoodbye(): void;
}

/** A packet on its way out, as Engine.IO announces it. */
interface OutgoingPacket {
  readonly type: string;
  readonly data?: unknown;
}

/** What a packet begins with by which Socket.IO refuses a CONNECT, whoever refuses it and for whatever namespace. */
const CONNECT_ERROR = '4';

/**
 * Counts what every connection sends, from its first byte and whatever it is (messages, pings, packets of the protocol),
 * and sees to it that a connection which must go is gone within a second.
 */
@Injectable()
export class FloodGuard {
  private readonly tooMany = new SparseWarning(Log.for('realtime'), 'Connections were cut off: too many packets');
  private readonly occupants = new WeakMap<Connection, Occupant>();
  private readonly connectionOf = new WeakMap<WebSocket, Connection>();
  private readonly asked = new WeakSet<Connection>();
  private readonly cutOff = new WeakSet<Connection>();

  constructor(
    private readonly config: RealtimeConfig,
    private readonly entry: EntryMiddleware,
    private readonly metrics: Metrics,
  ) {}

  /** Watch all connections of `engine`; before it listens, because it makes its WebSocket server anew then. */
  watch(engine: Engine): void {
    engine.opts.wsEngine = boundedWebSockets(engine.opts.wsEngine, (webSocket, request) =>
      this.packetCounter(() => this.overrun(webSocket, request)),
    );
    engine.on('connection', (connection) => this.follow(connection));
  }

  /** Whether this is the one CONNECT that a connection has; a second one cuts it off. */
  isFirstConnect(connection: Connection): boolean {
    if (!this.asked.has(connection)) {
      this.asked.add(connection);
      return true;
    }
    this.cut(connection);
    return false;
  }

  /** Somebody has come in. Call what is answered for each of their messages: false is one too many, and the end. */
  entered(connection: Connection, occupant: Occupant): () => boolean {
    this.occupants.set(connection, occupant);
    const { messagesPerSecond, messageBurst } = this.config;
    return counter(messagesPerSecond, messageBurst, () => this.cut(connection));
  }

  /** They have left: their connection is good for nothing more, and ends in a second. */
  left(connection: Connection): void {
    this.occupants.delete(connection);
    setTimeout(() => this.end(connection), SOCKET_LIMITS.lingerMs).unref();
  }

  /** End a connection that sent too much, after a word to whoever is behind it. */
  cut(connection: Connection): void {
    if (this.cutOff.has(connection)) return;
    this.cutOff.add(connection);
    const occupant = this.occupants.get(connection);
    this.report(connection.request, occupant);
    if (!occupant) return this.end(connection);
    webSocketOf(connection.transport)?.pause();
    // The disconnect says that they have left, which ends the connection.
    occupant.sayGoodbye();
  }

  /** End a connection at once and for good, whatever still waits to be sent or heard. */
  end(connection: Connection): void {
    connection.close(true);
    webSocketOf(connection.transport)?.terminate();
  }

  private follow(connection: Connection): void {
    const count = this.packetCounter(() => this.cut(connection));
    this.know(connection, connection.transport);
    connection.on('upgrade', (transport: Connection['transport']) => this.know(connection, transport));
    // A WebSocket counts its own frames.
    connection.on('packet', () => webSocketOf(connection.transport) ?? count());
    connection.on('packetCreate', (packet: OutgoingPacket) => this.sends(connection, packet));
  }

  private know(connection: Connection, transport: Connection['transport']): void {
    const webSocket = webSocketOf(transport);
    if (webSocket) this.connectionOf.set(webSocket, connection);
    // Long polling waits so long for a client to come and hear that it is closed; Engine.IO keeps its 30 s private.
    else Object.assign(transport, { closeTimeout: SOCKET_LIMITS.lingerMs });
  }

  /** Of packets of any kind, on one transport. */
  private packetCounter(exceeded: () => void): () => boolean {
    const { messagesPerSecond, messageBurst } = this.config;
    return counter(messagesPerSecond + 1, messageBurst + SOCKET_LIMITS.protocolPackets, exceeded);
  }

  private overrun(webSocket: WebSocket, request: IncomingMessage): void {
    // What was read with it still comes, thousands of frames: nobody hears them.
    for (const event of ['message', 'ping', 'pong'] as const) webSocket.removeAllListeners(event);
    const connection = this.connectionOf.get(webSocket);
    if (connection) return this.cut(connection);
    // An upgrade that is not complete, or that Engine.IO refused.
    this.report(request);
    webSocket.terminate();
  }

  private sends(connection: Connection, { type, data }: OutgoingPacket): void {
    if (type === 'message' && typeof data === 'string' && data.startsWith(CONNECT_ERROR)) this.refused(connection);
    // Engine.IO keeps what waits private and offers no other measure of it.
    const { writeBuffer } = connection as unknown as { readonly writeBuffer: readonly unknown[] };
    if (writeBuffer.length === SOCKET_LIMITS.unreadPackets) process.nextTick(() => this.end(connection));
  }

  /** Who is in may be refused elsewhere and stays in. */
  private refused(connection: Connection): void {
    setTimeout(() => this.occupants.has(connection) || this.end(connection), SOCKET_LIMITS.lingerMs).unref();
  }

  private report(request: IncomingMessage, occupant?: Occupant): void {
    this.metrics.rateLimitHit(SOCKET_PATH, occupant ? 'user' : 'ip');
    this.tooMany.warn({
      client_ip: this.entry.clientAddressOf(request),
      ...(occupant && { user_id: occupant.userId }),
    });
  }
}

/** False for every call that is too many; the first of them calls `exceeded`. */
function counter(perSecond: number, burst: number, exceeded: () => void): () => boolean {
  const bucket = new TokenBucket(perSecond, burst, performance.now());
  let isOver = false;
  return () => {
    if (isOver) return false;
    if (bucket.take(performance.now())) return true;
    isOver = true;
    exceeded();
    return false;
  };
}

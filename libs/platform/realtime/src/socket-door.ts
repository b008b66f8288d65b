import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { CrossOrigin, HttpConfig } from '@platform/http';
import { AppError, ServiceUnavailable } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type Namespace, type Socket } from 'socket.io';
import { crossOriginPolling } from './cross-origin-polling';
import { followCredential } from './credential-room';
import { userRoom } from './frames';
import { type Admission, Handshake, refusalOf } from './handshake';
import { RedisRelay } from './redis-relay';
import { SessionKeeper } from './session-keeper';
import { type Session } from './session-registry';
import { TenantRooms } from './tenant-rooms';

/** What of Engine.IO's server is used here; Socket.IO hands it out untyped. */
interface Engine {
  opts: { allowRequest?: (request: IncomingMessage, decide: (error: string | null, allowed: boolean) => void) => void };
  use(step: (request: IncomingMessage, response: ServerResponse, next: () => void) => void): void;
  on(event: 'headers', listener: (headers: Record<string, string>) => void): void;
}

/** A refused client goes by itself; one that stays is shown out. */
const LINGER_MS = 1_000;

/** Decides who comes in: known origin, valid token, not too many. */
@Injectable()
export class SocketDoor {
  private readonly log = Log.for('realtime');
  private readonly origins: CrossOrigin;
  /** Admitted and not yet connected; an entry lives as long as its socket. */
  private readonly admissions = new WeakMap<Socket, Admission & { tenants: readonly string[] }>();
  private closed = false;

  constructor(
    readonly keeper: SessionKeeper,
    private readonly handshake: Handshake,
    private readonly relay: RedisRelay,
    private readonly rooms: TenantRooms,
    config: HttpConfig,
  ) {
    this.origins = new CrossOrigin(config.corsOrigins);
  }

  /** Stand before `namespace`, and before every other of its server: nobody comes in there. */
  guard(namespace: Namespace): void {
    const { server } = namespace;
    this.checkOrigins(server.engine as Engine);
    if (this.relay.available) server.adapter(this.relay.adapter());
    server.of('/').use((_socket, next) => next(new Error('Connect to the namespace /app')));
    namespace.use((socket, next) => void this.admit(socket, next));
    this.keeper.watch(namespace);
  }

  /** Begin the session of a socket that was admitted; undefined when it was one too many. */
  enter(socket: Socket): Session | undefined {
    const admission = this.admissions.get(socket);
    this.admissions.delete(socket);
    if (!admission) {
      socket.disconnect(true);
      return undefined;
    }
    if (!this.keeper.open(socket, admission)) return undefined;
    const { id } = admission.actor;
    // First the own room, by which the news of a change finds the socket; then what may have changed since it was let in.
    void socket.join(userRoom(id));
    followCredential(socket, admission.actor);
    this.rooms.enter(socket, admission.tenants);
    void this.rooms.settle(socket, id);
    return this.keeper.of(socket);
  }

  /** Let nobody in any more. */
  shut(): void {
    this.closed = true;
  }

  private checkOrigins(engine: Engine): void {
    engine.opts.allowRequest = (request, decide) => {
      const { origin } = request.headers;
      // Programs send no Origin; a browser always does, and its user did not choose the page.
      decide(null, origin === undefined || this.origins.allows(origin));
    };
    engine.use(crossOriginPolling(this.origins));
    engine.on('headers', (headers) => {
      headers['X-Content-Type-Options'] = 'nosniff';
      headers['Cache-Control'] = 'no-store';
    });
  }

  private async admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
    try {
      if (this.closed) throw new ServiceUnavailable('The server is stopping: reconnect');
      const admission = await this.handshake.admit(socket);
      if (this.keeper.isFull(admission.actor.id)) throw new TooManySockets();
      this.admissions.set(socket, { ...admission, tenants: await this.rooms.tenantsOf(admission.actor.id) });
      next();
    } catch (error) {
      if (!(error instanceof AppError)) this.log.error('A handshake failed', { error });
      next(refusalOf(error));
      setTimeout(() => socket.connected || socket.conn.close(), LINGER_MS).unref();
    }
  }
}

/** 429: the person has as many sockets as one may. */
class TooManySockets extends AppError {
  constructor() {
    super('Close another connection first', { status: 429, code: 'TOO_MANY_SOCKETS' });
  }
}

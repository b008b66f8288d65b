import { Injectable } from '@nestjs/common';
import { AppError, ServiceUnavailable } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type Namespace, type Socket } from 'socket.io';
import { followCredential } from './credential-room';
import { type Engine } from './engine';
import { EngineGuard } from './engine-guard';
import { userRoom } from './frames';
import { type Admission, Handshake, refusalOf } from './handshake';
import { RedisRelay } from './redis-relay';
import { SessionWatcher } from './session-watcher';
import { type Session } from './session-registry';
import { TenantRooms } from './tenant-rooms';

/** Decides who comes in: known origin, valid token, not too many, once a connection. */
@Injectable()
export class ConnectionGuard {
  private readonly log = Log.for('realtime');
  /** Admitted and not yet connected; an entry lives as long as its socket. */
  private readonly admissions = new WeakMap<Socket, Admission & { tenants: readonly string[] }>();
  private closed = false;

  constructor(
    readonly watcher: SessionWatcher,
    private readonly handshake: Handshake,
    private readonly relay: RedisRelay,
    private readonly rooms: TenantRooms,
    private readonly engine: EngineGuard,
  ) {}

  /** Stand before `namespace`, and before every other of its server: nobody comes in there. */
  guard(namespace: Namespace): void {
    const { server } = namespace;
    // Engine.IO's own type hides its connections and the class of its WebSocket server.
    this.engine.protect(server.engine as unknown as Engine);
    if (this.relay.available) server.adapter(this.relay.adapter());
    server.of('/').use((_socket, next) => next(new Error('Connect to the namespace /app')));
    namespace.use((socket, next) => void this.admit(socket, next));
    this.watcher.watch(namespace);
  }

  /** Begin the session of a socket that was admitted; undefined when it was one too many. */
  enter(socket: Socket): Session | undefined {
    const admission = this.admissions.get(socket);
    this.admissions.delete(socket);
    if (!admission) {
      socket.disconnect(true);
      return undefined;
    }
    if (!this.watcher.open(socket, admission)) return undefined;
    const { id } = admission.actor;
    // First the own room, by which the news of a change finds the socket; then what may have changed since it was let in.
    void socket.join(userRoom(id));
    followCredential(socket, admission.actor);
    this.rooms.enter(socket, admission.tenants);
    void this.rooms.settle(socket, id);
    return this.watcher.of(socket);
  }

  /** The session of a socket is over, and so is its connection. */
  leave(socket: Socket): void {
    this.watcher.close(socket);
    this.engine.floods.left(socket.conn);
  }

  /** Let nobody in any more. */
  shut(): void {
    this.closed = true;
  }

  private async admit(socket: Socket, next: (error?: Error) => void): Promise<void> {
    if (!this.engine.floods.isFirstConnect(socket.conn)) return next(new Error('One CONNECT a connection'));
    try {
      if (this.closed) throw new ServiceUnavailable('The server is stopping: reconnect');
      const admission = await this.handshake.admit(socket);
      if (this.watcher.isFull(admission.actor.id)) throw new TooManySockets();
      this.admissions.set(socket, { ...admission, tenants: await this.rooms.tenantsOf(admission.actor.id) });
      next();
    } catch (error) {
      if (!(error instanceof AppError)) this.log.error('A handshake failed', { error });
      next(refusalOf(error));
    }
  }
}

/** 429: the person has as many sockets as one may. */
class TooManySockets extends AppError {
  constructor() {
    super('Close another connection first', { status: 429, code: 'TOO_MANY_SOCKETS' });
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type OnModuleInit } from '@nestjs/common';
import {
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  WebSocketGateway,
} from '@nestjs/websockets';
import { GracefulShutdown } from '@platform/http';
import { Clock } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { type Namespace, type Socket } from 'socket.io';
import { frame, userRoom } from './frames';
import { SOCKET_LIMITS } from './limits';
import { Realtime } from './realtime';
import { SocketCommands } from './socket-commands';
import { SocketDoor } from './socket-door';

/** Clients spread their return over this time, so that the next process is not stormed. */
const RECONNECT_WITHIN_MS = 5_000;
const FAREWELL_MS = 100;

/** The sockets of this process: let in, served, said goodbye to. */
@WebSocketGateway({
  namespace: 'app',
  path: '/socket.io',
  serveClient: false,
  maxHttpBufferSize: SOCKET_LIMITS.messageBytes,
  perMessageDeflate: false,
  connectTimeout: SOCKET_LIMITS.connectTimeoutMs,
  pingInterval: SOCKET_LIMITS.pingIntervalMs,
})
export class RealtimeGateway
  implements OnGatewayInit<Namespace>, OnGatewayConnection<Socket>, OnGatewayDisconnect<Socket>, OnModuleInit
{
  private namespace?: Namespace;

  constructor(
    private readonly door: SocketDoor,
    private readonly commands: SocketCommands,
    private readonly realtime: Realtime,
    private readonly clock: Clock,
    private readonly shutdown: GracefulShutdown,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.shutdown.onFarewell('sockets', () => this.farewell());
    this.metrics.beforeScrape(() => {
      // Engine.IO types its counter on the server, Socket.IO hands it out untyped.
      const { clientsCount } = (this.namespace?.server.engine ?? { clientsCount: 0 }) as { clientsCount: number };
      this.metrics.sockets(clientsCount, this.door.keeper.sessions.size);
    });
  }

  afterInit(namespace: Namespace): void {
    this.namespace = namespace;
    this.door.guard(namespace);
    this.realtime.attach(namespace);
  }

  handleConnection(socket: Socket): void {
    const session = this.door.enter(socket);
    if (!session) return;
    this.commands.serve(socket);
    void socket.join(userRoom(session.actor.id));
    const data = { user_id: session.actor.id, message: 'Connected to WebSocket' };
    socket.emit('connected', frame('connected', this.clock.now(), data));
    this.metrics.socketMessage('sent', 'message');
  }

  handleDisconnect(socket: Socket): void {
    this.door.keeper.close(socket);
  }

  /** Tell every client to reconnect elsewhere, then end the connections. */
  async farewell(): Promise<void> {
    const { namespace } = this;
    if (!namespace) return;
    this.door.shut();
    const data = { message: 'The server is stopping: reconnect', reconnect_within_ms: RECONNECT_WITHIN_MS };
    namespace.local.emit('server_draining', frame('server_draining', this.clock.now(), data));
    await sleep(FAREWELL_MS);
    namespace.local.disconnectSockets(true);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type OnModuleInit } from '@nestjs/common';
import {
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  WebSocketGateway,
} from '@nestjs/websockets';
import { GracefulShutdown, SOCKET_PATH } from '@platform/http';
import { Metrics } from '@platform/observability';
import { type Namespace, type Socket } from 'socket.io';
import { SOCKET_LIMITS } from './limits';
import { Realtime } from './realtime';
import { SocketCommands } from './socket-commands';
import { ConnectionGuard } from './connection-guard';

/** Time for the last frames to leave. */
const FAREWELL_MS = 100;

/** The sockets of this process: let in, served, said goodbye to. */
@WebSocketGateway({
  namespace: 'app',
  path: SOCKET_PATH,
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
    private readonly guard: ConnectionGuard,
    private readonly commands: SocketCommands,
    private readonly realtime: Realtime,
    private readonly shutdown: GracefulShutdown,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.shutdown.onFarewell('sockets', () => this.farewell());
    this.metrics.beforeScrape(() => {
      // Engine.IO types its counter on the server, Socket.IO hands it out untyped.
      const { clientsCount } = (this.namespace?.server.engine ?? { clientsCount: 0 }) as { clientsCount: number };
      this.metrics.sockets(clientsCount, this.guard.watcher.sessions.size);
    });
  }

  afterInit(namespace: Namespace): void {
    this.namespace = namespace;
    this.guard.guard(namespace);
    this.realtime.attach(namespace);
  }

  handleConnection(socket: Socket): void {
    const session = this.guard.enter(socket);
    if (!session) return;
    this.commands.serve(socket, session);
  }

  handleDisconnect(socket: Socket): void {
    this.guard.leave(socket);
  }

  /** Tell every client to reconnect elsewhere, then end the connections. */
  async farewell(): Promise<void> {
    const { namespace } = this;
    if (!namespace) return;
    this.guard.shut();
    this.commands.announceEnd(namespace);
    await sleep(FAREWELL_MS);
    namespace.local.disconnectSockets(true);
  }
}

import { Injectable } from '@nestjs/common';
import { Clock, Ids, runInContext } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { type Namespace, type Socket } from 'socket.io';
import { FloodGuard } from './flood-guard';
import { errorFrame, type Frame, frame } from './frames';
import { refusalOf } from './handshake';
import { SessionWatcher } from './session-watcher';
import { type Session } from './session-registry';

type Acknowledge = (answer: Frame) => void;

/** Clients spread their return over this time, so that the next process is not stormed. */
const RECONNECT_WITHIN_MS = 5_000;

/** What clients may say. Each command is counted, answered and acknowledged; a flood ends the connection. */
@Injectable()
export class SocketCommands {
  constructor(
    private readonly watcher: SessionWatcher,
    private readonly floods: FloodGuard,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly metrics: Metrics,
  ) {}

  /** Welcome a socket and listen to it. */
  serve(socket: Socket, { actor }: Session): void {
    const counts = this.floods.entered(socket.conn, { userId: actor.id, sayGoodbye: () => this.cut(socket) });
    // Socket.IO's middleware sees every event, named or not; calling on would only look for listeners, of which there are none.
    socket.use(([event, ...parameters]) => {
      if (socket.connected && counts()) void this.receive(socket, String(event), parameters);
    });
    const data = { user_id: actor.id, message: 'Connected to WebSocket' };
    socket.emit('connected', frame('connected', this.clock.now(), data));
    this.metrics.socketMessage('sent', 'message');
  }

  /** Tell every client of this process to reconnect, which will be to another one. */
  announceEnd(namespace: Namespace): void {
    const data = { message: 'The server is stopping: reconnect', reconnect_within_ms: RECONNECT_WITHIN_MS };
    namespace.local.emit('server_draining', frame('server_draining', this.clock.now(), data));
  }

  private cut(socket: Socket): void {
    socket.emit('error', errorFrame('RATE_LIMIT_EXCEEDED', 'Too many messages', this.clock.now()));
    socket.disconnect(true);
  }

  private async receive(socket: Socket, event: string, parameters: readonly unknown[]): Promise<void> {
    const session = this.watcher.of(socket);
    if (!session) return;
    const last = parameters.at(-1);
    // Socket.IO appends a function when the client asks for an acknowledgement.
    const acknowledge = typeof last === 'function' ? (last as Acknowledge) : undefined;
    this.metrics.socketMessage('received', event === 'ping' ? 'ping' : 'message');
    const context = { requestId: this.ids.next(), actor: session.actor };
    const answer = await runInContext(context, () => this.answer(socket, event, parameters[0]));
    socket.emit(answer.type, answer);
    acknowledge?.(answer);
    this.metrics.socketMessage('sent', answer.type === 'pong' ? 'pong' : 'message');
  }

  private async answer(socket: Socket, event: string, payload: unknown): Promise<Frame> {
    const now = this.clock.now();
    if (event === 'ping') return frame('pong', now);
    if (event === 'authenticate') return this.authenticate(socket, payload);
    return errorFrame('UNKNOWN_EVENT', `Unknown event type: ${event.slice(0, 50)}`, now);
  }

  private async authenticate(socket: Socket, payload: unknown): Promise<Frame> {
    const token: unknown = payload && typeof payload === 'object' && 'token' in payload ? payload.token : undefined;
    if (typeof token !== 'string') return errorFrame('INVALID_REQUEST', 'Send { token }', this.clock.now());
    try {
      await this.watcher.renew(socket, token);
      return frame('authenticated', this.clock.now());
    } catch (error) {
      const { code, message } = refusalOf(error).data;
      return errorFrame(code, message, this.clock.now());
    }
  }
}

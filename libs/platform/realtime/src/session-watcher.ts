import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppError, AuthenticationFailed, Clock } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type Namespace, type Socket } from 'socket.io';
import { followCredential } from './credential-room';
import { errorFrame, frame } from './frames';
import { type Admission, Handshake } from './handshake';
import { SOCKET_LIMITS } from './limits';
import { type Session, SessionRegistry } from './session-registry';
import { TenantRooms } from './tenant-rooms';

/** Verified again in one sweep, at most: ten thousand sockets are 170 a second. */
const RECHECKS_PER_SWEEP = 250;

/** Opens sessions, and ends them when their token expires or no longer holds. */
@Injectable()
export class SessionWatcher implements OnModuleDestroy {
  private readonly log = Log.for('realtime');
  private namespace?: Namespace;
  private timer?: NodeJS.Timeout;
  private sweeping = false;

  constructor(
    readonly sessions: SessionRegistry,
    private readonly handshake: Handshake,
    private readonly clock: Clock,
    private readonly rooms: TenantRooms,
  ) {}

  /** Watch over the sockets of `namespace` from now on. */
  watch(namespace: Namespace): void {
    this.namespace = namespace;
    this.timer = setInterval(() => void this.sweep(), SOCKET_LIMITS.sweepMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Whether this person has as many sockets here as one may. */
  isFull(userId: string): boolean {
    return this.sessions.countOf(userId) >= SOCKET_LIMITS.socketsPerUser;
  }

  /** Begin the session of a socket that was let in; a socket too many is told so and ended, and false returned. */
  open(socket: Socket, { actor, token }: Admission): boolean {
    const now = this.clock.now();
    if (this.isFull(actor.id)) {
      socket.emit('error', errorFrame('TOO_MANY_SOCKETS', 'Close another connection first', now));
      socket.disconnect(true);
      return false;
    }
    this.sessions.add({ socketId: socket.id, actor, token, recheckAt: now.getTime() + SOCKET_LIMITS.recheckMs });
    return true;
  }

  /** The session behind a socket. */
  of(socket: Socket): Session | undefined {
    return this.sessions.get(socket.id);
  }

  /** Go on with a fresh token of the same person. @throws AuthenticationFailed when it is not. */
  async renew(socket: Socket, token: string): Promise<void> {
    const actor = await this.handshake.verify(token);
    const session = this.sessions.get(socket.id);
    if (!session) return;
    if (actor.id !== session.actor.id) throw new AuthenticationFailed('The token belongs to another person');
    this.accept(session, { actor, token });
    followCredential(socket, actor);
  }

  /** Forget a socket that is gone. */
  close(socket: Socket): void {
    this.sessions.remove(socket.id);
  }

  /** End what has expired, verify again what is due. Runs every second. */
  async sweep(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      const now = this.clock.now().getTime();
      for (const session of this.sessions.expiredAt(now)) this.end(session, 'token_expired');
      for (const session of this.sessions.dueAt(now, RECHECKS_PER_SWEEP)) await this.recheck(session);
    } catch (error) {
      this.log.error('Sockets could not be looked after', { error });
    } finally {
      this.sweeping = false;
    }
  }

  private async recheck(session: Session): Promise<void> {
    const { token } = session;
    try {
      const actor = await this.handshake.verify(token);
      // It may have been renewed in the meantime: the newer token counts. Its own token is not a secret to a session.
      if (session.token === token) this.accept(session, { actor, token });
      const socket = this.namespace?.sockets.get(session.socketId);
      if (socket) await this.rooms.settle(socket, actor.id);
    } catch (error) {
      // Only a clear no ends a session: with the database away everybody stays.
      if (error instanceof AppError && error.status < 500) this.end(session, 'token_refused');
      else session.recheckAt = this.clock.now().getTime() + SOCKET_LIMITS.recheckMs;
    }
  }

  private accept(session: Session, { actor, token }: Admission): void {
    session.actor = actor;
    session.token = token;
    session.recheckAt = this.clock.now().getTime() + SOCKET_LIMITS.recheckMs;
  }

  private end(session: Session, reason: string): void {
    const socket = this.namespace?.sockets.get(session.socketId);
    this.sessions.remove(session.socketId);
    socket?.emit('session_ended', frame('session_ended', this.clock.now(), { reason }));
    socket?.disconnect(true);
  }
}

import { Injectable } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { Log, Metrics } from '@platform/observability';
import { type Namespace } from 'socket.io';
import { apiKeyRoom, sessionRoom } from './credential-room';
import { type Frame, frame, type RealtimeMessage, tenantRoom, userRoom } from './frames';
import { RedisRelay } from './redis-relay';

/** The namespace of signed-in people. */
export const APP_NAMESPACE = '/app';

/**
 * Sends to people, wherever their sockets are. Nothing here waits, throws or promises delivery: call it after the
 * commit, and let clients read the REST API when they connect.
 */
@Injectable()
export class Realtime {
  private readonly log = Log.for('realtime');
  private namespace?: Namespace;

  constructor(
    private readonly relay: RedisRelay,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** Called by the gateway of a process that holds sockets. */
  attach(namespace: Namespace): void {
    this.namespace = namespace;
  }

  /** The sockets of this process; undefined where there are none. */
  get sockets(): Namespace | undefined {
    return this.namespace;
  }

  /** Send to every socket of a person. */
  toUser(userId: string, message: RealtimeMessage): void {
    this.send([userRoom(userId)], message);
  }

  /** Send to everybody who sees what this owner has: every socket of the person, or of the people who belong to the tenant. */
  toOwner(ownerId: string, message: RealtimeMessage): void {
    this.send([userRoom(ownerId), tenantRoom(ownerId)], message);
  }

  /** From now on the person's sockets, in every process, hear what is sent to the tenant. */
  joinTenant(userId: string, tenantId: string): void {
    this.within('join', (namespace) => {
      // Here at once, whether or not the others can be reached.
      for (const sockets of [namespace.local, namespace])
        sockets.in(userRoom(userId)).socketsJoin(tenantRoom(tenantId));
    });
  }

  /** From now on the person's sockets, in every process, hear no more of the tenant. */
  leaveTenant(userId: string, tenantId: string): void {
    this.within('leave', (namespace) => {
      for (const sockets of [namespace.local, namespace])
        sockets.in(userRoom(userId)).socketsLeave(tenantRoom(tenantId));
    });
  }

  /** End every socket of a person, in every process: deactivated, signed out everywhere, deleted. */
  disconnectUser(userId: string): void {
    this.disconnect([userRoom(userId)], 'account');
  }

  /** End every socket of these sign-ins, in every process: signed out, revoked. */
  disconnectSessions(sessionIds: readonly string[]): void {
    this.disconnect(sessionIds.map(sessionRoom), 'signed_out');
  }

  /** End every socket of an API key, in every process: revoked, replaced. */
  disconnectApiKey(apiKeyId: string): void {
    this.disconnect([apiKeyRoom(apiKeyId)], 'api_key');
  }

  private disconnect(rooms: string[], reason: string): void {
    // No room would be every room.
    if (rooms.length === 0) return;
    this.emit(rooms, frame('session_ended', this.clock.now(), { reason }));
    this.within('disconnect', (namespace) => namespace.in(rooms).disconnectSockets(true));
  }

  private send(rooms: string[], { type, ...data }: RealtimeMessage): void {
    this.emit(rooms, frame(type, this.clock.now(), data));
  }

  private emit(rooms: string[], message: Frame): void {
    this.within(message.type, (namespace) => {
      namespace.to(rooms).emit(message.type, message);
      const here = rooms.reduce((sum, room) => sum + (namespace.adapter.rooms.get(room)?.size ?? 0), 0);
      for (let socket = 0; socket < here; socket++) this.metrics.socketMessage('sent', 'message');
    });
  }

  private within(what: string, act: (namespace: Namespace) => void): void {
    try {
      if (!this.namespace && this.relay.available) this.namespace = this.relay.sender(APP_NAMESPACE);
      if (this.namespace) act(this.namespace);
      else this.log.debug('No sockets in this process and no REDIS_URL to reach others', { what });
    } catch (error) {
      this.log.error('A frame could not be sent', { what, error });
    }
  }
}

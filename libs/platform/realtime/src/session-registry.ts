import { Injectable } from '@nestjs/common';
import { type Actor } from '@platform/kernel';

/** One connected socket and who is behind it. */
export interface Session {
  readonly socketId: string;
  actor: Actor;
  /** Kept to be verified again; never logged, never sent to other processes. */
  token: string;
  /** When it is to be verified again, milliseconds since the epoch. */
  recheckAt: number;
}

/** The sessions of this process. */
@Injectable()
export class SessionRegistry {
  private readonly bySocket = new Map<string, Session>();
  private readonly socketsOf = new Map<string, number>();

  /** Sockets with a session. */
  get size(): number {
    return this.bySocket.size;
  }

  /** People with at least one. */
  get users(): number {
    return this.socketsOf.size;
  }

  /** Ids of those people. */
  userIds(): Iterable<string> {
    return this.socketsOf.keys();
  }

  /** Number of sockets of one person. */
  countOf(userId: string): number {
    return this.socketsOf.get(userId) ?? 0;
  }

  get(socketId: string): Session | undefined {
    return this.bySocket.get(socketId);
  }

  add(session: Session): void {
    this.bySocket.set(session.socketId, session);
    this.socketsOf.set(session.actor.id, this.countOf(session.actor.id) + 1);
  }

  /** Forget a socket; safe twice. */
  remove(socketId: string): void {
    const session = this.bySocket.get(socketId);
    if (!session) return;
    this.bySocket.delete(socketId);
    const left = this.countOf(session.actor.id) - 1;
    if (left > 0) this.socketsOf.set(session.actor.id, left);
    else this.socketsOf.delete(session.actor.id);
  }

  /** Sessions whose token has expired at `now`. */
  expiredAt(now: number): Session[] {
    return [...this.bySocket.values()].filter(
      ({ actor }) => actor.expiresAt !== undefined && actor.expiresAt.getTime() <= now,
    );
  }

  /** Up to `limit` sessions that are due to be verified again at `now`. */
  dueAt(now: number, limit: number): Session[] {
    const due: Session[] = [];
    for (const session of this.bySocket.values()) {
      if (session.recheckAt > now) continue;
      due.push(session);
      if (due.length === limit) break;
    }
    return due;
  }
}

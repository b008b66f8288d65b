import { Injectable } from '@nestjs/common';
import { type Namespace } from 'socket.io';
import { USER_ROOM } from './frames';
import { Realtime } from './realtime';
import { SessionRegistry } from './session-registry';

/** Who is connected. */
@Injectable()
export class Presence {
  constructor(
    private readonly sessions: SessionRegistry,
    private readonly realtime: Realtime,
  ) {}

  /** Sockets and people of this process. */
  here(): { connections: number; users: number } {
    return { connections: this.sessions.size, users: this.sessions.users };
  }

  /** Ids of all people connected to any process; of this one when the others do not answer within a second. */
  async everywhere(): Promise<string[]> {
    const local = [...this.sessions.userIds()];
    const rooms = await this.roomsOfAll(this.realtime.sockets).catch(() => undefined);
    if (!rooms) return local;
    return [...rooms].filter((room) => room.startsWith(USER_ROOM)).map((room) => room.slice(USER_ROOM.length));
  }

  private async roomsOfAll(namespace: Namespace | undefined): Promise<Set<string> | undefined> {
    // Only adapters that reach other processes have this method; the one in memory has not.
    const adapter = namespace?.adapter as { allRooms?: () => Promise<Set<string>> } | undefined;
    return adapter?.allRooms?.();
  }
}

import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Log } from '@platform/observability';
import { BoundPort, Tenancy } from '@platform/security';
import { type Socket } from 'socket.io';
import { TENANT_ROOM, tenantRoom } from './frames';

/** Keeps sockets in the rooms of the tenants that their person belongs to, and out of all others. */
@Injectable()
export class TenantRooms {
  private readonly log = Log.for('realtime');
  private readonly tenancy: BoundPort<Tenancy>;

  constructor(modules: ModuleRef) {
    this.tenancy = new BoundPort(modules, Tenancy);
  }

  /** The tenants of a person; none where no domain binds the port. */
  async tenantsOf(personId: string): Promise<readonly string[]> {
    return (await this.tenancy.get()?.tenantsOf(personId)) ?? [];
  }

  /** Bring a socket into the rooms of these tenants. */
  enter(socket: Socket, tenants: readonly string[]): void {
    if (tenants.length > 0) void socket.join(tenants.map(tenantRoom));
  }

  /**
   * Bring a socket into the rooms of its person's tenants as they are now, and take it out of the others. What changes
   * meanwhile is read again, so that nobody stays in whom the news of their removal found outside. Never throws.
   */
  async settle(socket: Socket, personId: string): Promise<void> {
    try {
      this.enter(socket, await this.tenantsOf(personId));
      const rooms = new Set((await this.tenantsOf(personId)).map(tenantRoom));
      for (const room of socket.rooms) if (room.startsWith(TENANT_ROOM) && !rooms.has(room)) void socket.leave(room);
    } catch (error) {
      // The next look is a minute away.
      this.log.warn('The tenants of a socket could not be looked up', { error });
    }
  }
}

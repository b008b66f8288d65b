import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { type Actor, may } from '@platform/kernel';
import { Can, CurrentActor } from '@platform/security';
import { Presence } from '../presence';
import { SocketStatusDto } from './dto/socket-status.dto';

const MAX_IDS = 100;

/** What is known of sockets. */
@ApiTags('sockets')
@Controller('app/ws')
export class SocketStatusController {
  constructor(private readonly presence: Presence) {}

  /** How many sockets and people are connected. */
  @Get('status')
  @Can('realtime.status')
  async status(@CurrentActor() actor: Actor): Promise<SocketStatusDto> {
    const { connections, users } = this.presence.here();
    const online = await this.presence.everywhere();
    return {
      status: 'running',
      local_connections: connections,
      local_users: users,
      total_online_users: online.length,
      online_user_ids: may(actor, 'realtime.presence') ? online.slice(0, MAX_IDS) : [],
    };
  }
}

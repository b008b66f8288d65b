import { Global, Module } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import { SocketStatusController } from './api/socket-status.controller';
import { EngineGuard } from './engine-guard';
import { FloodGuard } from './flood-guard';
import { Handshake } from './handshake';
import { Presence } from './presence';
import { Realtime } from './realtime';
import { RealtimeConfig } from './realtime.config';
import { RealtimeGateway } from './realtime.gateway';
import { REALTIME_PERMISSIONS } from './realtime.permissions';
import { RedisRelay } from './redis-relay';
import { SessionKeeper } from './session-keeper';
import { SessionRegistry } from './session-registry';
import { SocketCommands } from './socket-commands';
import { SocketDoor } from './socket-door';
import { TenantRooms } from './tenant-rooms';

/** Sends to sockets of other processes; for a process that holds none. */
@Global()
@Module({ providers: [RedisRelay, Realtime], exports: [RedisRelay, Realtime] })
export class RealtimeSenderModule {}

/** The sockets of an API process. */
@Module({
  imports: [RealtimeSenderModule],
  controllers: [SocketStatusController],
  providers: [
    SessionRegistry,
    Handshake,
    SessionKeeper,
    TenantRooms,
    FloodGuard,
    EngineGuard,
    SocketDoor,
    SocketCommands,
    Presence,
    RealtimeGateway,
  ],
})
@Domain({ name: 'platform/realtime', settings: [RealtimeConfig], permissions: REALTIME_PERMISSIONS })
export class RealtimeModule {}

import { Global, Module } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import { SocketStatusController } from './api/socket-status.controller';
import { EngineGuard } from './engine-guard';
import { FloodGuard } from './flood-guard';
import { Handshake } from './handshake';
import { HandshakeLimit } from './handshake-limit';
import { Presence } from './presence';
import { Realtime } from './realtime';
import { RealtimeConfig } from './realtime.config';
import { RealtimeGateway } from './realtime.gateway';
import { REALTIME_PERMISSIONS } from './realtime.permissions';
import { RedisRelay } from './redis-relay';
import { SessionWatcher } from './session-watcher';
import { SessionRegistry } from './session-registry';
import { SocketCommands } from './socket-commands';
import { ConnectionGuard } from './connection-guard';
import { TenantRooms } from './tenant-rooms';

/** Sends to sockets of other processes; for a process that holds none. */
@Global()
@Module({ providers: [RedisRelay, Realtime], exports: [RedisRelay, Realtime] })
@Domain({ name: 'platform/realtime', settings: [RealtimeConfig] })
export class RealtimeSenderModule {}

/** The sockets of an API process. */
@Module({
  imports: [RealtimeSenderModule],
  controllers: [SocketStatusController],
  providers: [
    SessionRegistry,
    Handshake,
    SessionWatcher,
    TenantRooms,
    FloodGuard,
    HandshakeLimit,
    EngineGuard,
    ConnectionGuard,
    SocketCommands,
    Presence,
    RealtimeGateway,
  ],
})
@Domain({ name: 'platform/realtime', permissions: REALTIME_PERMISSIONS })
export class RealtimeModule {}

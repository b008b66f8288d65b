import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Events } from '@platform/queue';
import { Realtime } from '@platform/realtime';
import { IdentityEnded, SessionsEnded } from '../contract';

/** Closes the sockets of sessions that are over, and of people whose identity is, once that is committed. */
@Injectable()
export class AuthGateway implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
  ) {}

  /** Begin to listen. */
  onModuleInit(): void {
    this.events.onCommitted(SessionsEnded, ({ payload }) => this.realtime.disconnectSessions(payload.session_ids));
    // A token of another issuer has no session to tell its sockets by: all of the person close, and good ones come back.
    this.events.onCommitted(IdentityEnded, ({ payload }) => this.realtime.disconnectUser(payload.user_id));
  }
}

import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Events } from '@platform/queue';
import { Realtime } from '@platform/realtime';
import { SignInEnded } from '../contract';

/** Closes the sockets of sign-ins that are over, once that is committed. */
@Injectable()
export class AuthGateway implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
  ) {}

  /** Begin to listen. */
  onModuleInit(): void {
    this.events.onCommitted(SignInEnded, ({ payload }) => this.realtime.disconnectSessions(payload.session_ids));
  }
}

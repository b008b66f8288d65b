import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Events } from '@platform/queue';
import { Realtime } from '@platform/realtime';
import { UserErased } from '../contract';

/** Closes the sockets of a person who is gone, once that is committed; here, because the worker is who erases. */
@Injectable()
export class AccountSockets implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
  ) {}

  /** Begin to listen. */
  onModuleInit(): void {
    this.events.onCommitted(UserErased, ({ payload }) => this.realtime.disconnectUser(payload.user_id));
  }
}

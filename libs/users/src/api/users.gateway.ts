import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Events } from '@platform/queue';
import { Realtime } from '@platform/realtime';
import { UserDeactivated, UserUpdated } from '../contract';

/** Tells a person's sockets of changes to the account, once they are committed; closes them when it is shut out. */
@Injectable()
export class UsersGateway implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
  ) {}

  /** Begin to listen. */
  onModuleInit(): void {
    this.events.onCommitted(UserUpdated, ({ payload: { user_id } }) => {
      this.realtime.toUser(user_id, { type: 'update', resource: 'user', action: 'updated', resource_id: user_id });
    });
    this.events.onCommitted(UserDeactivated, ({ payload }) => this.realtime.disconnectUser(payload.user_id));
  }
}

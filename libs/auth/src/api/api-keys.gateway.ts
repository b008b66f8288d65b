import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Events } from '@platform/queue';
import { Realtime } from '@platform/realtime';
import { ApiKeyEnded } from '../contract';

/** Closes the sockets of API keys that are over, once that is committed. */
@Injectable()
export class ApiKeysGateway implements OnModuleInit {
  constructor(
    private readonly events: Events,
    private readonly realtime: Realtime,
  ) {}

  /** Begin to listen. */
  onModuleInit(): void {
    this.events.onCommitted(ApiKeyEnded, ({ payload }) => this.realtime.disconnectApiKey(payload.api_key_id));
  }
}

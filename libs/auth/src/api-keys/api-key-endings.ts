import { Injectable } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { Events } from '@platform/queue';
import { ApiKeyEnded } from '../contract';
import { ApiKeyRepository } from './api-key.repository';

/** Ends API keys: they are refused from the commit on, and whoever holds their sockets hears of it. */
@Injectable()
export class ApiKeyEndings {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly events: Events,
    private readonly clock: Clock,
  ) {}

  /** End all keys of a person; returns how many. */
  async endAllOf(userId: string): Promise<number> {
    const ended = await this.keys.endAllOf(userId, this.clock.now());
    for (const id of ended) {
      await this.events.publish(new ApiKeyEnded({ user_id: userId, api_key_id: id, reason: 'revoked' }));
    }
    return ended.length;
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '@platform/database';
import { type ClaimedJob } from '../ledger/job-record';
import { JobRepository } from '../ledger/job.repository';
import { Outbox } from '../outbox';
import { HandlerRegistry } from './handler-registry';

/** Turns one event into one row per listener: each is then tried, failed and repeated on its own. */
@Injectable()
export class FanOut {
  constructor(
    private readonly handlers: HandlerRegistry,
    private readonly repository: JobRepository,
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  /** All rows or none. Safe twice: the key of a listener's row is the event's id and the listener's name. */
  async run(event: ClaimedJob): Promise<void> {
    await this.database.transaction(async () => {
      if (!(await this.repository.fannedOut(event))) return;
      for (const listener of this.handlers.listenersOf(event.name)) {
        await this.outbox.write({
          kind: 'listener',
          name: listener.name,
          key: `${event.id}:${listener.name}`,
          payload: event.payload,
          context: event.context,
          maxAttempts: listener.attempts,
          delayMs: 0,
        });
      }
    });
  }
}

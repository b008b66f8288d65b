import { Injectable } from '@nestjs/common';
import { Database } from '@platform/database';
import {
  currentContext,
  type DomainEvent,
  type DomainEventClass,
  eventType,
  Ids,
  type JsonObject,
  type WorkContext,
} from '@platform/kernel';
import { Log } from '@platform/observability';
import { DeclaredWork } from './declared-work';
import { type NewJob } from './ledger/job-record';
import { JobRepository } from './ledger/job.repository';
import { contextToStore } from './stored-context';
import { WakeUp } from './wake-up';

/** Attempts to write one row per listener; the database being away is the only reason to need a second. */
const FAN_OUT_ATTEMPTS = 20;

type Notice = (event: DomainEvent, context: WorkContext | undefined) => void;

/** Publishes facts. */
@Injectable()
export class Events {
  private readonly log = Log.for('events');
  private readonly notices = new Map<string, Notice[]>();

  constructor(
    private readonly declared: DeclaredWork,
    private readonly repository: JobRepository,
    private readonly database: Database,
    private readonly wakeUp: WakeUp,
    private readonly ids: Ids,
  ) {}

  /**
   * Write the event in the running transaction: its listeners hear of it if and only if that commits.
   * @throws Error when no domain declares the event
   */
  async publish(event: DomainEvent): Promise<void> {
    const type = eventType(event);
    if (!this.declared.events.has(type)) {
      throw new Error(`Event '${type}' is not declared: add its class to \`events\` of the @Domain that owns it`);
    }
    const row: NewJob = {
      id: this.ids.next(),
      kind: 'event',
      name: type,
      key: null,
      payload: event.payload,
      context: contextToStore(this.ids),
      maxAttempts: FAN_OUT_ATTEMPTS,
      delayMs: 0,
    };
    const context = currentContext();
    // Inside a unit of work this begins its transaction: work that fails later takes the event with it.
    await this.database.transaction(async () => {
      await this.repository.insert(row);
      this.database.afterCommit(() => {
        this.wakeUp.ring();
        this.notify(type, event, context);
      });
    });
  }

  /**
   * Hear of an event in the process that published it, after the commit; nothing is kept and nothing repeated. For
   * sockets and caches: what must happen goes through `@OnDomainEvent`.
   */
  onCommitted<P extends JsonObject>(
    eventClass: DomainEventClass<P>,
    listener: (event: DomainEvent<P>, context: WorkContext | undefined) => void,
  ): void {
    const known = this.notices.get(eventClass.type) ?? [];
    // Under this type only events of this class are kept.
    this.notices.set(eventClass.type, [...known, listener as Notice]);
  }

  private notify(type: string, event: DomainEvent, context: WorkContext | undefined): void {
    for (const notice of this.notices.get(type) ?? []) {
      try {
        notice(event, context);
      } catch (error) {
        this.log.error('A notice of a committed event failed', { event: type, error });
      }
    }
  }
}

import { Injectable } from '@nestjs/common';
import {
  currentContext,
  type DomainEvent,
  type DomainEventClass,
  eventType,
  type JsonObject,
  type WorkContext,
} from '@platform/kernel';
import { Log } from '@platform/observability';
import { DeclaredWork } from './declared-work';
import { type Message, Outbox } from './outbox';

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
    private readonly outbox: Outbox,
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
    const message: Message = {
      kind: 'event',
      name: type,
      key: null,
      payload: event.payload,
      maxAttempts: FAN_OUT_ATTEMPTS,
      delayMs: 0,
    };
    const context = currentContext();
    await this.outbox.write(message, () => this.notify(type, event, context));
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

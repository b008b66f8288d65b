import { type JsonObject } from './json';

/** A fact of the past, published in the transaction that made it true. Carries ids and values, never entities. */
export interface DomainEvent<P extends JsonObject = JsonObject> {
  readonly payload: P;
}

/** The class of an event; `type` is its name on the wire, `<domain>.<resource>_<past participle>`. */
export interface DomainEventClass<P extends JsonObject = JsonObject> {
  readonly type: string;
  readonly summary: string;
  new (payload: P): DomainEvent<P>;
}

const EVENTS = new WeakSet<object>();

/**
 * Base class of an event contract.
 *
 * ```ts
 * export class ProjectCreated extends domainEvent<{ project_id: string }>('projects.project_created', 'A project exists') {}
 * events.publish(new ProjectCreated({ project_id: project.id }));
 * ```
 */
export function domainEvent<P extends JsonObject>(type: string, summary: string): DomainEventClass<P> {
  const base = class implements DomainEvent<P> {
    static readonly type = type;
    static readonly summary = summary;
    constructor(readonly payload: P) {}
  };
  EVENTS.add(base);
  return base;
}

/** Whether something that a contract exports is an event. */
export function isDomainEventClass(exported: unknown): exported is DomainEventClass {
  return typeof exported === 'function' && EVENTS.has(Object.getPrototypeOf(exported) as object);
}

/** The wire name of an event instance. */
export function eventType(event: DomainEvent): string {
  return (event.constructor as unknown as DomainEventClass).type;
}

import { type FactoryProvider } from '@nestjs/common';
import { type DomainEvent, type DomainEventClass, type JsonObject } from '@platform/kernel';
import { Events } from '@platform/queue';
import { type UpdateMessage } from './frames';
import { Realtime } from './realtime';

/** What happens to sockets once an event is committed; a provider of the module that the API imports. */
export function onceCommitted<P extends JsonObject>(
  event: DomainEventClass<P>,
  react: (realtime: Realtime, payload: P) => void,
): FactoryProvider {
  return {
    provide: Symbol(event.type),
    inject: [Events, Realtime],
    useFactory: (events: Events, realtime: Realtime) => {
      events.onCommitted(event, ({ payload }) => react(realtime, payload));
      return event.type;
    },
  };
}

/**
 * The sockets of whoever owns a resource, or belongs to its owner, hear what became of it, once it is committed.
 * @param resource its name on the wire, such as `project`
 * @param id where the payloads carry its id; they carry its owner as `owner_id`
 * @param events by what a client is told of each
 */
export function ownerHears<Id extends string>(
  resource: string,
  id: Id,
  events: Partial<Record<UpdateMessage['action'], readonly OwnedEvent<Id>[]>>,
): FactoryProvider[] {
  const told = Object.entries(events) as [UpdateMessage['action'], readonly OwnedEvent<Id>[]][];
  return told.flatMap(([action, classes]) =>
    classes.map((event) =>
      // What is published is an event of this class, whatever else it carries.
      onceCommitted(event as DomainEventClass<OwnedFacts<Id>>, (realtime, payload) => {
        realtime.toOwner(payload.owner_id, { type: 'update', resource, action, resource_id: payload[id] });
      }),
    ),
  );
}

type OwnedFacts<Id extends string> = JsonObject & { owner_id: string } & { [Name in Id]: string };

type OwnedEvent<Id extends string> = Pick<DomainEventClass, 'type' | 'summary'> &
  (new (payload: never) => DomainEvent<OwnedFacts<Id>>);

import { type DomainEvent, type DomainEventClass, type JobContract, type JsonObject } from '@platform/kernel';
import { type CronTick, type JobRun } from './job-run';

const HANDLER = Symbol('omnistack.work-handler');

/** How often and how long a listener or schedule is tried; jobs say so in their contract. */
export interface RetryPolicy {
  /** Attempts in all; default 5 for listeners, 3 for schedules. */
  attempts?: number;
  /** First delay before trying again, milliseconds; default 1,000. */
  backoffMs?: number;
  /** One attempt may take this long, milliseconds; default 300,000. */
  timeoutMs?: number;
}

/** What a method says it does. */
export type HandlerRule =
  | { readonly kind: 'job'; readonly contract: JobContract }
  | { readonly kind: 'listener'; readonly event: DomainEventClass; readonly retryPolicy: RetryPolicy }
  | { readonly kind: 'cron'; readonly expression: string; readonly name: string; readonly retryPolicy: RetryPolicy };

// Generic in the method's own type, so that its parameters are checked strictly against what it will be given.
type Decorates<M> = <T extends M>(
  target: object,
  property: string | symbol,
  descriptor: TypedPropertyDescriptor<T>,
) => void;

/** The one method that does the job. It runs in a unit of work that also marks the job done. */
export function JobHandler<P extends JsonObject>(
  contract: JobContract<P>,
): Decorates<(payload: P, run: JobRun) => Promise<unknown>> {
  // The registry hands over what was enqueued under this contract: the payload's type is erased here.
  return say({ kind: 'job', contract: contract as unknown as JobContract });
}

/** Hears of every committed event of the class: at least once, in a transaction of its own. Any number per event. */
export function OnDomainEvent<P extends JsonObject>(
  event: DomainEventClass<P>,
  retryPolicy: RetryPolicy = {},
): Decorates<(event: DomainEvent<P>, run: JobRun) => Promise<unknown>> {
  // As above: the class rebuilds the event that the listener expects.
  return say({ kind: 'listener', event: event as unknown as DomainEventClass, retryPolicy });
}

/**
 * Runs at each tick of the expression, in UTC, once per cluster.
 * @param expression five fields, or six with seconds first
 * @param options.name `<domain>.<verb>`, unique and stable
 */
export function Cron(
  expression: string,
  options: { name: string } & RetryPolicy,
): Decorates<(tick: CronTick, run: JobRun) => Promise<unknown>> {
  const { name, ...retryPolicy } = options;
  return say({ kind: 'cron', expression, name, retryPolicy });
}

function say<M>(rule: HandlerRule): Decorates<M> {
  return (target, property, descriptor) => {
    const method = descriptor.value as object | undefined;
    if (!method) return;
    const place = `${target.constructor.name}.${String(property)}`;
    if (handlerRuleOf(method))
      throw new Error(`${place} carries two of @JobHandler, @OnDomainEvent and @Cron: keep one`);
    Reflect.defineMetadata(HANDLER, rule, method);
  };
}

/** What the method says it does, if anything. */
export function handlerRuleOf(method: object): HandlerRule | undefined {
  return Reflect.getMetadata(HANDLER, method) as HandlerRule | undefined;
}

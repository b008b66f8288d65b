import { type DiscoveryService } from '@nestjs/core';

/** One thing that a domain has of `@nestjs/bullmq`. */
export interface BullUse {
  /** Name of the queue or the flow. */
  readonly name: string;
  /** As messages name it. */
  readonly what: string;
  /** Complete once the modules are initialised. */
  readonly instance: object | undefined;
}

const TOKENS = [
  [/^BullQueue_(.*)$/, (name: string) => `Queue '${name}' (BullModule.registerQueue)`],
  [/^BullFlowProducer_(.*)$/, (name: string) => `Flow producer '${name}' (BullModule.registerFlowProducer)`],
] as const;
const PROCESSOR = 'bullmq:processor_metadata';

/** Everything of BullModule among the providers of the process, told without loading BullMQ. */
export function bullUsesIn(discovery: DiscoveryService): { queues: BullUse[]; processors: BullUse[] } {
  const queues: BullUse[] = [];
  const processors: BullUse[] = [];
  for (const { inject, instance: made, metatype, token } of discovery.getProviders()) {
    const instance = isObject(made) ? made : undefined;
    for (const [pattern, what] of TOKENS) {
      const name = typeof token === 'string' ? pattern.exec(token)?.[1] : undefined;
      if (name !== undefined) queues.push({ name, what: what(name), instance });
    }
    // As BullModule does: of what a factory makes, the class is known once it is made.
    const type = !metatype || inject ? instance?.constructor : metatype;
    const stated = type && (Reflect.getMetadata(PROCESSOR, type) as { name?: string } | undefined);
    if (!stated) continue;
    const name = stated.name ?? 'default';
    processors.push({ name, what: `${type.name} (@Processor('${name}'))`, instance });
  }
  return { queues, processors };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

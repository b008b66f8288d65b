import { type DynamicModule, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { type Environment } from '@platform/config';
import { NoQueues } from './engine/no-queues';
import { engineIn } from './queue-engine';

/**
 * `@nestjs/bullmq` with the connection of this installation, where BullMQ carries the jobs; every process lists it
 * beside {@link QueueModule}. Elsewhere BullMQ is not even loaded, and a queue of BullModule stops the boot.
 */
@Module({})
export class BullMqModule {
  /** @param options.works the process also lists `WorkerModule` */
  static of(environment: Environment, { works }: { works: boolean }): DynamicModule {
    const engine = engineIn(environment);
    if (engine === undefined || engine === 'embedded') {
      return { module: BullMqModule, imports: [DiscoveryModule], providers: [NoQueues] };
    }
    // Required here, so that a process without BullMQ loads nothing of it.
    const { bullRoot } = require('./engine/bull-root') as typeof import('./engine/bull-root');
    return { module: BullMqModule, global: true, ...bullRoot(works) };
  }
}

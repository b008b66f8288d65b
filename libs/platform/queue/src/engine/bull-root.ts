import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CoreConfig } from '@platform/config';
import { DatabaseConfig, placeOf } from '@platform/database';
import { type Queue, setDefaultBackendFactory } from 'bullmq';
import { BullQueueBoard } from '../board/bull-queue-board';
import { QueueBoard } from '../board/queue-board';
import { engineOf } from '../queue-engine';
import { QueueConfig } from '../queue.config';
import { asOptions, backendOf } from './backend';
import { BullCarrier } from './bull-carrier';
import { BullQueue } from './bull-queue';
import { BullWorker } from './bull-worker';
import { Carrier, QUEUE } from './carrier';
import { DomainQueues } from './domain-queues';
import { hostOf, JobsHost } from './jobs-host';
import { JobsConnection } from './jobs-connection';
import { OwnQueue } from './own-queue';
import { PostgresJobs } from './postgres-jobs';
import { RedisJobs } from './redis-jobs';

// All for the whole process, and right for all of it: they choose by the connection.
setDefaultBackendFactory(backendOf);
BullModule.queueClass = BullQueue;
BullModule.workerClass = BullWorker;

/** One attempt and no memory: repeating and remembering are the ledger's work, and a finished id must be free again. */
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** Where the queues of this installation live. */
function connectionOf(core: CoreConfig, config: QueueConfig, database: DatabaseConfig): JobsConnection {
  if (engineOf(core, config) !== 'bullmq-redis') {
    return new PostgresJobs(placeOf(core, database, 'sessions'), config.namespace);
  }
  if (core.redisUrl === undefined)
    throw new Error('bullmq-redis without REDIS_URL: QueueConfig lets no process come this far');
  return new RedisJobs(core.redisUrl, config.namespace);
}

const connection: Provider = {
  provide: JobsConnection,
  inject: [CoreConfig, QueueConfig, DatabaseConfig],
  useFactory: connectionOf,
};

const host: Provider = {
  provide: JobsHost,
  inject: [QueueConfig],
  useFactory: ({ concurrency }: QueueConfig) => hostOf(QUEUE, concurrency),
};

const ownQueue: Provider = {
  provide: OwnQueue,
  inject: [getQueueToken(QUEUE), JobsHost],
  useFactory: (queue: Queue, worksOnIt: JobsHost) => new OwnQueue(queue, worksOnIt),
};

const carrier: Provider = { provide: Carrier, useClass: BullCarrier };

/** BullModule on our connection; with `works` also our queue and what works on it. */
export function bullRoot(works: boolean): ModuleMetadata {
  const providers = [
    connection,
    DomainQueues,
    { provide: QueueBoard, useClass: BullQueueBoard },
    ...(works ? [host, ownQueue, carrier] : []),
  ];
  const root = BullModule.forRootAsync({
    inject: [JobsConnection],
    useFactory: (to: JobsConnection) => ({ connection: asOptions(to), prefix: to.prefix }),
    // The engine starts the workers, when every check of ours is through and the other side lets us in.
    extraOptions: { manualRegistration: true },
  });
  return {
    imports: [DiscoveryModule, root, ...(works ? [registeredQueue()] : [])],
    providers,
    exports: [JobsConnection, DomainQueues, QueueBoard, ...(works ? [Carrier] : [])],
  };
}

function registeredQueue(): DynamicModule {
  // Nothing of its metadata is used.
  return BullModule.registerQueue({ name: QUEUE, defaultJobOptions: JOB_OPTIONS, skipMetasUpdate: true });
}

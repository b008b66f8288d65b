import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CoreConfig } from '@platform/config';
import { DatabaseConfig, placeOf } from '@platform/database';
import { type BullCarrier, redisCarrier } from './engine/bull-carrier';
import { BullEngine } from './engine/bull.engine';
import { EmbeddedEngine } from './engine/embedded.engine';
import { Engine } from './engine/engine';
import { EngineHealth } from './engine/engine-health';
import { postgresCarrier } from './engine/postgres-carrier';
import { JobRepository } from './ledger/job.repository';
import { QueueConfig } from './queue.config';
import { QueueModule } from './queue.module';
import { WakeUp } from './wake-up';
import { Attempt } from './worker/attempt';
import { FanOut } from './worker/fan-out';
import { HandlerPorts } from './worker/handler-ports';
import { HandlerRegistry } from './worker/handler-registry';
import { Hands } from './worker/hands';
import { Heartbeat } from './worker/heartbeat';
import { Housekeeping } from './worker/housekeeping';
import { JobCensus } from './worker/job-census';
import { Relay } from './worker/relay';
import { Rounds } from './worker/rounds';
import { Runner } from './worker/runner';
import { Scheduler } from './worker/scheduler';
import { WorkerIdentity } from './worker/worker-identity';
import { WorkerRuntime } from './worker/worker-runtime';

const ENGINE_OF_MODE = {
  embedded: 'embedded',
  'single-service': 'bullmq-postgres',
  'scale-out': 'bullmq-redis',
} as const;

function chooseEngine(
  core: CoreConfig,
  config: QueueConfig,
  database: DatabaseConfig,
  hands: Hands,
  repository: JobRepository,
  wakeUp: WakeUp,
): Engine {
  const choice = config.engine ?? ENGINE_OF_MODE[core.mode];
  if (choice === 'embedded') return new EmbeddedEngine(hands, repository, config, wakeUp);
  const carrier = choice === 'bullmq-redis' ? onRedis(core, config) : onPostgres(core, config, database);
  return new BullEngine(carrier, hands, repository, config, wakeUp);
}

function onRedis(core: CoreConfig, config: QueueConfig): BullCarrier {
  if (core.redisUrl === undefined)
    throw new Error('bullmq-redis without REDIS_URL: QueueConfig lets no process come this far');
  return redisCarrier(core.redisUrl, config.namespace);
}

function onPostgres(core: CoreConfig, config: QueueConfig, database: DatabaseConfig): BullCarrier {
  return postgresCarrier(placeOf(core, database, 'sessions'), config.namespace);
}

/** The doing side, for a process that also imports the worker modules of the domains. Nothing runs before `start()`. */
@Module({
  imports: [QueueModule, DiscoveryModule],
  providers: [
    WorkerIdentity,
    HandlerPorts,
    HandlerRegistry,
    JobCensus,
    FanOut,
    Attempt,
    Runner,
    Hands,
    {
      provide: Engine,
      inject: [CoreConfig, QueueConfig, DatabaseConfig, Hands, JobRepository, WakeUp],
      useFactory: chooseEngine,
    },
    EngineHealth,
    Relay,
    Scheduler,
    Housekeeping,
    Rounds,
    Heartbeat,
    WorkerRuntime,
  ],
  exports: [WorkerRuntime, HandlerRegistry, JobCensus],
})
export class WorkerModule {}

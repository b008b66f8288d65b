import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CoreConfig } from '@platform/config';
import { BullEngine } from './engine/bull.engine';
import { Carrier } from './engine/carrier';
import { EmbeddedEngine } from './engine/embedded.engine';
import { Engine } from './engine/engine';
import { EngineHealth } from './engine/engine-health';
import { JobRepository } from './ledger/job.repository';
import { engineOf } from './queue-engine';
import { QueueConfig } from './queue.config';
import { QueueModule } from './queue.module';
import { WakeUp } from './wake-up';
import { Attempt } from './worker/attempt';
import { FanOut } from './worker/fan-out';
import { HandlerPorts } from './worker/handler-ports';
import { HandlerRegistry } from './worker/handler-registry';
import { Slots } from './worker/slots';
import { Heartbeat } from './worker/heartbeat';
import { Housekeeping } from './worker/housekeeping';
import { JobDescriptions } from './worker/job-descriptions';
import { Relay } from './worker/relay';
import { BackgroundLoops } from './worker/background-loops';
import { Runner } from './worker/runner';
import { Scheduler } from './worker/scheduler';
import { WorkerIdentity } from './worker/worker-identity';
import { WorkerRuntime } from './worker/worker-runtime';

function chooseEngine(
  core: CoreConfig,
  config: QueueConfig,
  slots: Slots,
  repository: JobRepository,
  wakeUp: WakeUp,
  carrier?: Carrier,
): Engine {
  const name = engineOf(core, config);
  if (name === 'embedded') return new EmbeddedEngine(slots, repository, config, wakeUp);
  if (carrier) return new BullEngine(carrier, slots, repository, config, wakeUp);
  throw new Error(`${name} carries the jobs: list BullMqModule.of(environment, { works: true }) beside WorkerModule`);
}

/** The doing side, for a process that also imports the worker modules of the domains. Nothing runs before `start()`. */
@Module({
  imports: [QueueModule, DiscoveryModule],
  providers: [
    WorkerIdentity,
    HandlerPorts,
    HandlerRegistry,
    JobDescriptions,
    FanOut,
    Attempt,
    Runner,
    Slots,
    {
      provide: Engine,
      inject: [CoreConfig, QueueConfig, Slots, JobRepository, WakeUp, { token: Carrier, optional: true }],
      useFactory: chooseEngine,
    },
    EngineHealth,
    Relay,
    Scheduler,
    Housekeeping,
    BackgroundLoops,
    Heartbeat,
    WorkerRuntime,
  ],
  exports: [WorkerRuntime, HandlerRegistry, JobDescriptions],
})
export class WorkerModule {}

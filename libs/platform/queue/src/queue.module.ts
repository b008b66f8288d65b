import { Global, Module } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import { DeclaredWork } from './declared-work';
import { Job } from './entities/job.entity';
import { Events } from './events';
import { Jobs } from './jobs';
import { JobLedger } from './ledger/job-ledger';
import { JobRepository } from './ledger/job.repository';
import { CreateJobs1763800020000 } from './migrations/create-jobs.migration';
import { Outbox } from './outbox';
import { QueueGauge } from './queue-gauge';
import { QueueConfig } from './queue.config';
import { QUEUE_PERMISSIONS } from './queue.permissions';
import { WakeUp } from './wake-up';
import { WorkerConfig } from './worker.config';

/** The asking side: every process has it. Needs the database, observability and audit modules beside it. */
@Global()
@Module({
  providers: [DeclaredWork, JobRepository, WakeUp, Outbox, Jobs, Events, JobLedger, QueueGauge],
  exports: [DeclaredWork, JobRepository, WakeUp, Outbox, Jobs, Events, JobLedger],
})
@Domain({
  name: 'platform/queue',
  entities: [Job],
  migrations: [CreateJobs1763800020000],
  settings: [QueueConfig, WorkerConfig],
  permissions: QUEUE_PERMISSIONS,
})
export class QueueModule {}

export { QueueBoard } from './board/queue-board';
export { BullMqModule } from './bullmq.module';
export { DeclaredWork } from './declared-work';
export { Job } from './entities/job.entity';
export { Events } from './events';
export { type EnqueueOptions, Jobs } from './jobs';
export { JobLedger } from './ledger/job-ledger';
export { type JobFilter } from './ledger/job.repository';
export { JOB_KINDS, JOB_STATES, type JobKind, type JobRecord, type JobState } from './ledger/job-record';
export { QueueConfig } from './queue.config';
export { QueueModule } from './queue.module';
export { WorkerConfig } from './worker.config';
export { WorkerModule } from './worker.module';
export { JobDescriptions, type JobDescription } from './worker/job-descriptions';
export { type Handler } from './worker/handler';
export { HandlerRegistry } from './worker/handler-registry';
export {
  Cron,
  type HandlerRule,
  handlerRuleOf,
  JobHandler,
  OnDomainEvent,
  type RetryPolicy,
} from './worker/handler.decorators';
export { type CronTick, type JobRun } from './worker/job-run';
export { WorkerRuntime } from './worker/worker-runtime';

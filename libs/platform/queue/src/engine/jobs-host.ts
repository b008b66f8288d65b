import { Processor, WorkerHost } from '@nestjs/bullmq';
import { type Job, type WorkerOptions } from 'bullmq';
import { type HandOver } from './carrier';

/** What works on one of our queues: BullModule makes its worker. */
export abstract class JobsHost extends WorkerHost {
  /** What a delivery is given to. */
  take: (handOver: HandOver) => Promise<void> = () => Promise.reject(new Error('Nobody takes jobs yet'));
}

/** How a worker watches over what it was given. */
const WORKER_OPTIONS = {
  // A killed worker's belt moves on after 10–15 s instead of 60, and a second crash does not fail the job for ever.
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 3,
  // After a lost connection; the default is 15 s.
  runRetryDelay: 1_000,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
} satisfies Partial<WorkerOptions>;

/** A processor of its own for one queue. */
export function hostOf(queue: string, concurrency: number): JobsHost {
  @Processor({ name: queue }, { ...WORKER_OPTIONS, concurrency })
  class Host extends JobsHost {
    process(job: Job<HandOver>): Promise<void> {
      return this.take(job.data);
    }
  }
  return new Host();
}

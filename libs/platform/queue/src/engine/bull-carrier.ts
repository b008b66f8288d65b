import { isReadOnly, refusalOf, userOf } from '@platform/cache';
import { Queue, type RedisOptions, Worker, type WorkerOptions } from 'bullmq';

/** All that BullMQ carries: the ledger has the rest, so nothing personal or secret lies in Redis. */
export interface HandOver {
  /** Id of the ledger's row. */
  id: string;
  /** The row's `claims` when it was handed over: a late or second delivery finds another number and does nothing. */
  turn: number;
  /** The process died with it before: it waits until no other suspect runs. */
  suspect: boolean;
}

/** The part of BullMQ's Queue that an engine needs, whatever is behind it. */
export interface CarrierQueue {
  addBulk(jobs: { name: string; data: HandOver; opts: { jobId: string } }[]): Promise<unknown>;
  getJob(jobId: string): Promise<{ getState(): Promise<string>; remove(): Promise<void> } | undefined>;
  waitUntilReady(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
  disconnect(): Promise<void>;
}

/** The part of BullMQ's Worker that an engine needs. */
export interface CarrierWorker {
  /** false: its loop ended, and it takes nothing any more. */
  isRunning(): boolean;
  pause(doNotWaitActive: boolean): Promise<void>;
  resume(): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(force: boolean): Promise<void>;
  disconnect(): Promise<void>;
}

/** Makes the two ends of the belt. Each call opens connections of its own, in the background. */
export interface BullCarrier {
  readonly name: string;
  /** What the other side refuses until somebody changes something, with the fix; undefined for an outage. */
  refusalOf(error: unknown): string | undefined;
  queue(): CarrierQueue;
  worker(take: (handOver: HandOver) => Promise<void>, concurrency: number): CarrierWorker;
}

/** Name of the one queue. */
export const QUEUE = 'jobs';

/** Longest wait for a connection, milliseconds. */
export const TIMEOUT_MS = 1_000;

/** One attempt and no memory: repeating and remembering are the ledger's work, and a finished id must be free again. */
export const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/** How a worker watches over what it was given. */
export const WORKER_OPTIONS = {
  // A killed worker's belt moves on after 10–15 s instead of 60, and a second crash does not fail the job for ever.
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 3,
  // After a lost connection; the default is 15 s.
  runRetryDelay: 1_000,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
} satisfies Partial<WorkerOptions>;

/** BullMQ on Redis. */
export function redisCarrier(url: string, prefix: string): BullCarrier {
  const retryStrategy = (attempt: number) => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000);
  const shared: RedisOptions = { url, connectTimeout: TIMEOUT_MS, retryStrategy, reconnectOnError: isReadOnly };
  return {
    name: 'bullmq-redis',
    refusalOf: (error) => refusalOf(error, { user: userOf(url), names: `${prefix}:*` }),
    queue: () =>
      new Queue<HandOver>(QUEUE, {
        prefix,
        defaultJobOptions: JOB_OPTIONS,
        // Nothing of it is used, and it would be written into database 0 where the one of REDIS_URL does not exist.
        skipMetasUpdate: true,
        // With the offline queue an add waits for Redis to come back, for ever.
        connection: { ...shared, enableOfflineQueue: false, commandTimeout: TIMEOUT_MS },
      }),
    worker: (take, concurrency) =>
      new Worker<HandOver>(QUEUE, (job) => take(job.data), {
        ...WORKER_OPTIONS,
        prefix,
        concurrency,
        connection: { ...shared, maxRetriesPerRequest: null },
      }),
  };
}

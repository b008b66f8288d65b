import { type StoredContext } from '../ledger/job-record';

/** What a handler may know about the attempt that it is. */
export interface JobRun {
  /** The same for every attempt: an idempotency key for effects outside the database. */
  readonly id: string;
  readonly name: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Fires when the attempt's time is over or the process stops: what is written afterwards does not count. */
  readonly signal: AbortSignal;
  /** Who asked for the work; undefined for a schedule. */
  readonly enqueuedBy: StoredContext['actor'];
}

/** The payload of a schedule's handler. */
export interface CronTick {
  /** The instant of the schedule, ISO 8601 in UTC. */
  readonly scheduled_for: string;
}

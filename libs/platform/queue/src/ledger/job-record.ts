import { type Actor, type Json, type JsonObject } from '@platform/kernel';

/** What a row of the ledger is. */
export const JOB_KINDS = ['job', 'event', 'listener', 'cron'] as const;
/** `job`: enqueued; `event`: published, waits to be fanned out; `listener`: one event for one listener; `cron`: a tick. */
export type JobKind = (typeof JOB_KINDS)[number];

/** Where a row of the ledger stands. */
export const JOB_STATES = ['pending', 'dispatched', 'running', 'done', 'dead'] as const;
/** `dispatched`: BullMQ has its id; `running`: under a lease; `dead`: nobody tries again unless it is redriven. */
export type JobState = (typeof JOB_STATES)[number];

/** What travels with a row from the work that wrote it to the work that does it. */
export interface StoredContext {
  requestId: string;
  actor?: { kind: Actor['kind']; id: string; role?: string };
  traceparent?: string;
}

/** A new row. */
export interface NewJob {
  id: string;
  kind: JobKind;
  name: string;
  key: string | null;
  payload: JsonObject;
  context: StoredContext;
  maxAttempts: number;
  /** Earliest start, milliseconds from now. */
  delayMs: number;
}

/** A row that this process may work on. */
export interface ClaimedJob {
  id: string;
  kind: JobKind;
  name: string;
  payload: JsonObject;
  context: StoredContext;
  /** Attempts that ended, so far. */
  attempts: number;
  maxAttempts: number;
  /** Times that the process died, or went silent, while it ran this job. */
  crashes: number;
  /** Counts every change of owner: who holds an older number has lost the row (a fencing token). */
  claims: number;
}

/** A row as the operator sees it. */
export interface JobRecord extends ClaimedJob {
  key: string | null;
  state: JobState;
  runAt: Date;
  lockedBy: string | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  lastError: string | null;
  result: Json | null;
  createdAt: Date;
}

import { Injectable } from '@nestjs/common';
import { auditEntryOf, AuditTrail } from '@platform/audit';
import { Database } from '@platform/database';
import { type Json, PermanentError } from '@platform/kernel';
import { Log, Metrics, scrubText } from '@platform/observability';
import { performance } from 'node:perf_hooks';
import { type ClaimedJob } from '../ledger/job-record';
import { JobRepository } from '../ledger/job.repository';
import { backoff } from './backoff';
import { HandlerPorts } from './handler-ports';
import { type Handler } from './handler';
import { type JobRun } from './job-run';
import { JobTimedOut, LeaseLost } from './work.errors';

const MAX_ERROR = 2_000;
const MAX_RESULT = 65_536;
/** From the signal to the rollback, milliseconds. */
const CUT_OFF_GRACE_MS = 2_000;

/** One attempt at one row: handler, meter, row marked done and audit in one transaction, or the failure in another. */
@Injectable()
export class Attempt {
  private readonly log = Log.for('worker');

  constructor(
    private readonly database: Database,
    private readonly repository: JobRepository,
    private readonly audit: AuditTrail,
    private readonly metrics: Metrics,
    private readonly ports: HandlerPorts,
  ) {}

  /** Runs in the job's context. Throws only when the outcome could not be written. */
  async run(job: ClaimedJob, handler: Handler, abort: AbortController): Promise<void> {
    const started = performance.now();
    this.metrics.jobStarted(handler.name);
    try {
      await this.database.unitOfWork(() => this.perform(job, handler, abort));
    } catch (error) {
      await this.fail(job, handler, error, started);
      return;
    }
    const seconds = secondsSince(started);
    this.metrics.jobEnded(handler.name, 'completed', seconds);
    this.log.info('Job done', { job: handler.name, id: job.id, attempt: job.attempts + 1, seconds });
  }

  private async perform(job: ClaimedJob, handler: Handler, abort: AbortController): Promise<void> {
    const enabled = await this.ports.enabled(handler, job);
    const result = enabled ? resultOf(await timed(job, handler, abort)) : null;
    await this.database.transaction(async () => {
      if (enabled) await this.ports.count(handler, job);
      // Decides whether anything that the handler wrote may be committed.
      if (!(await this.repository.finish(job, result))) throw new LeaseLost(job.id);
      // Last, because the chain of the audit trail is locked from here to the commit.
      if (enabled) await this.record(job, handler);
    });
  }

  private async record(job: ClaimedJob, { audit }: Handler): Promise<void> {
    if (audit?.audited) await this.audit.conclude({ ...auditEntryOf(audit, job.payload), details: askedBy(job) });
  }

  private async fail(job: ClaimedJob, handler: Handler, error: unknown, started: number): Promise<void> {
    const facts = { job: handler.name, id: job.id, attempt: job.attempts + 1, of: job.maxAttempts, error };
    if (error instanceof LeaseLost) {
      this.log.warn('Job was taken over while it ran', facts);
      return;
    }
    this.metrics.jobEnded(handler.name, 'failed', secondsSince(started));
    const text = describe(error);
    if (error instanceof PermanentError || job.attempts + 1 >= job.maxAttempts) {
      this.log.error('Job failed for good: it rests in the dead letters', facts);
      if (await this.repository.bury(job, text)) await this.recordFailure(job, handler, text);
      return;
    }
    const delayMs = backoff(handler.backoffMs, job.attempts + 1);
    this.log.warn('Job failed and will be tried again', { ...facts, delay_ms: delayMs });
    await this.repository.retry(job, delayMs, text);
  }

  private async recordFailure(job: ClaimedJob, { audit }: Handler, reason: string): Promise<void> {
    if (!audit?.audited) return;
    const entry = auditEntryOf(audit, job.payload);
    await this.audit.refused({ ...entry, outcome: 'failed', details: { ...askedBy(job), reason } });
  }
}

/** The handler's result; an error when its time is over or the worker hands the job back. */
async function timed(job: ClaimedJob, handler: Handler, abort: AbortController): Promise<unknown> {
  const { signal } = abort;
  const run: JobRun = {
    id: job.id,
    name: handler.name,
    attempt: job.attempts + 1,
    maxAttempts: job.maxAttempts,
    signal,
    enqueuedBy: job.context.actor,
  };
  const timer = setTimeout(() => abort.abort(new JobTimedOut(handler.name, handler.timeoutMs)), handler.timeoutMs);
  try {
    const result = await untilCutOff(handler.call(job.payload, run), signal);
    signal.throwIfAborted();
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** A handler that heeds the signal ends in peace. One that does not must not hold its transaction for ever. */
function untilCutOff<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let force: NodeJS.Timeout | undefined;
    // The reasons that this class and the runner give are errors.
    const cutOff = () => (force = setTimeout(() => reject(signal.reason as Error), CUT_OFF_GRACE_MS));
    signal.addEventListener('abort', cutOff, { once: true });
    const done = () => {
      clearTimeout(force);
      signal.removeEventListener('abort', cutOff);
    };
    work.finally(done).then(resolve, (error: unknown) => reject(signal.aborted ? (signal.reason as Error) : error));
  });
}

function askedBy(job: ClaimedJob) {
  const { actor } = job.context;
  return { job_id: job.id, ...(actor && { enqueued_by: { ...actor } }) };
}

/** What the operator reads beside a dead letter: no stack, no secrets, no addresses. */
function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return scrubText(text, { maskEmails: true }).slice(0, MAX_ERROR);
}

/** A handler's result is kept when it is small JSON; anything else is the handler's own business. */
function resultOf(result: unknown): Json | null {
  if (result === undefined || result === null) return null;
  try {
    const text = JSON.stringify(result);
    return text === undefined || text.length > MAX_RESULT ? null : (JSON.parse(text) as Json);
  } catch {
    return null;
  }
}

function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}

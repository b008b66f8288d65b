import { Injectable } from '@nestjs/common';
import { runInContext } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type ClaimedJob } from '../ledger/job-record';
import { JobRepository } from '../ledger/job.repository';
import { contextToRun } from '../stored-context';
import { Attempt } from './attempt';
import { FanOut } from './fan-out';
import { HandlerRegistry } from './handler-registry';
import { LeaseLost } from './work.errors';

/** How long a row waits for a worker that knows its name: a release is being rolled out. */
const UNKNOWN_PAUSE_MS = 30_000;
const FAN_OUT_PAUSE_MS = 5_000;

interface InFlight {
  readonly job: ClaimedJob;
  readonly abort: AbortController;
}

/** Works on claimed rows and knows which ones run here. */
@Injectable()
export class Runner {
  private readonly log = Log.for('worker');
  private readonly inFlight = new Map<string, InFlight>();
  private idle: (() => void)[] = [];

  constructor(
    private readonly handlers: HandlerRegistry,
    private readonly repository: JobRepository,
    private readonly attempt: Attempt,
    private readonly fanOut: FanOut,
  ) {}

  /** Rows that run in this process. */
  get busy(): number {
    return this.inFlight.size;
  }

  /** Their ids: what the heartbeat keeps. */
  ids(): string[] {
    return [...this.inFlight.keys()];
  }

  /** Work on a claimed row until it is done, failed or put back. Never throws. */
  async run(job: ClaimedJob): Promise<void> {
    const abort = new AbortController();
    this.inFlight.set(job.id, { job, abort });
    try {
      await runInContext(contextToRun(job), () => this.perform(job, abort));
    } catch (error) {
      // The database is away: the lease ends by itself and the row is taken over.
      this.log.error('The outcome of a job could not be written', { job: job.name, id: job.id, error });
    } finally {
      // A newer claim of the same row may have replaced this one meanwhile.
      if (this.inFlight.get(job.id)?.abort === abort) this.inFlight.delete(job.id);
      if (this.busy === 0) this.announceIdle();
    }
  }

  /** Wait at most `ms` until nothing runs; false when something still does. */
  async idleWithin(ms: number): Promise<boolean> {
    if (this.busy === 0) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      this.idle.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  /** Put back everything that still runs; what it writes from now on is rolled back. Returns how many. */
  async handBack(): Promise<number> {
    const left = [...this.inFlight.values()];
    for (const { job, abort } of left) {
      await this.repository.release(job, 0);
      abort.abort(new LeaseLost(job.id));
    }
    return left.length;
  }

  private async perform(job: ClaimedJob, abort: AbortController): Promise<void> {
    if (job.kind === 'event') return this.deliver(job);
    const handler = this.handlers.find(job);
    if (handler) return this.attempt.run(job, handler, abort);
    this.log.warn('No handler in this release: the row waits for a worker that knows it', {
      job: job.name,
      id: job.id,
    });
    await this.repository.release(job, UNKNOWN_PAUSE_MS);
  }

  private async deliver(event: ClaimedJob): Promise<void> {
    try {
      await this.fanOut.run(event);
    } catch (error) {
      this.log.error('An event could not be given to its listeners; trying again', { event: event.name, error });
      await this.repository.release(event, FAN_OUT_PAUSE_MS);
    }
  }

  private announceIdle(): void {
    for (const resolve of this.idle) resolve();
    this.idle = [];
  }
}

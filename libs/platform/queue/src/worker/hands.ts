import { Injectable } from '@nestjs/common';
import { type ClaimedJob } from '../ledger/job-record';
import { JobRepository } from '../ledger/job.repository';
import { QueueConfig } from '../queue.config';
import { FanOut } from './fan-out';
import { Runner } from './runner';
import { WorkerIdentity } from './worker-identity';

const QUARANTINE_WAIT_MS = 5_000;

/** What an engine may do with this process: see how many hands are free, take rows, have them worked on. */
@Injectable()
export class Hands {
  constructor(
    private readonly identity: WorkerIdentity,
    private readonly config: QueueConfig,
    private readonly repository: JobRepository,
    private readonly runner: Runner,
    private readonly fanOut: FanOut,
  ) {}

  /** How many more rows may be worked on. */
  get free(): number {
    return Math.max(0, this.config.concurrency - this.runner.busy);
  }

  /** Whether something is being worked on. */
  get busy(): boolean {
    return this.runner.busy > 0;
  }

  /** Take due rows, at most as many as hands are free; of those whose process died one at a time. */
  async takeDue(): Promise<ClaimedJob[]> {
    const { free } = this;
    if (free === 0) return [];
    const fresh = await this.claim(free, false);
    const suspects = fresh.length < free && this.runner.quarantine.free ? await this.claim(1, true) : [];
    return [...fresh, ...suspects];
  }

  /** Take one row by its id and work on it; nothing happens when somebody else has it. */
  async workOn(id: string, suspect: boolean): Promise<void> {
    if (suspect) await this.runner.quarantine.freeWithin(QUARANTINE_WAIT_MS);
    const job = await this.repository.claimOne(id, this.identity.id, this.config.leaseMs);
    if (job) await this.runner.run(job);
  }

  /** Work on a row that was taken. */
  run(job: ClaimedJob): Promise<void> {
    return this.runner.run(job);
  }

  /** Give an event to its listeners. */
  deliver(event: ClaimedJob): Promise<void> {
    return this.fanOut.run(event);
  }

  private claim(limit: number, suspects: boolean): Promise<ClaimedJob[]> {
    return this.repository.claimDue(this.identity.id, this.config.leaseMs, limit, suspects);
  }
}

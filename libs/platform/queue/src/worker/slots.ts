import { Injectable } from '@nestjs/common';
import { type ClaimedJob } from '../ledger/job-record';
import { JobRepository } from '../ledger/job.repository';
import { QueueConfig } from '../queue.config';
import { FanOut } from './fan-out';
import { Quarantine } from './quarantine';
import { Runner } from './runner';
import { WorkerIdentity } from './worker-identity';

const QUARANTINE_WAIT_MS = 5_000;

/** What an engine may do with this process: see how many slots are free, take rows, have them worked on. */
@Injectable()
export class Slots {
  private readonly quarantine = new Quarantine();

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

  /** Take due rows, at most as many as slots are free; of those whose process died one, when none runs. */
  async takeDue(): Promise<ClaimedJob[]> {
    const { free } = this;
    if (free === 0) return [];
    const fresh = await this.claim(free, false);
    return fresh.length < free && this.quarantine.tryEnter() ? [...fresh, ...(await this.claimSuspect())] : fresh;
  }

  /** Work on a row of {@link takeDue}. */
  async run(job: ClaimedJob): Promise<void> {
    await this.runner.run(job);
    if (job.crashes > 0) this.quarantine.leave();
  }

  /** Take one row that an engine delivered and work on it; nothing happens when its turn is over. */
  async workOn(id: string, turn: number, suspect: boolean): Promise<void> {
    if (suspect && !(await this.quarantine.enterWithin(QUARANTINE_WAIT_MS))) {
      await this.repository.undoDispatch([id]);
      return;
    }
    try {
      const job = await this.repository.claimOne(id, turn, this.identity.id, this.config.leaseMs);
      if (job) await this.runner.run(job);
    } finally {
      if (suspect) this.quarantine.leave();
    }
  }

  /** Give an event to its listeners. */
  deliver(event: ClaimedJob): Promise<void> {
    return this.fanOut.run(event);
  }

  private async claimSuspect(): Promise<ClaimedJob[]> {
    let claimed: ClaimedJob[] = [];
    try {
      claimed = await this.claim(1, true);
    } finally {
      if (claimed.length === 0) this.quarantine.leave();
    }
    return claimed;
  }

  private claim(limit: number, suspects: boolean): Promise<ClaimedJob[]> {
    return this.repository.claimDue(this.identity.id, this.config.leaseMs, limit, suspects);
  }
}

import { type QueueConfig } from '../queue.config';
import { type ClaimedJob } from '../ledger/job-record';
import { type JobRepository } from '../ledger/job.repository';
import { type WakeUp } from '../wake-up';
import { type Runner } from '../worker/runner';
import { Engine } from './engine';

/** No queue beside the ledger: rows are leased from the table and run in this process. */
export class EmbeddedEngine extends Engine {
  readonly name = 'embedded';
  private paused = false;

  constructor(
    private readonly worker: string,
    private readonly config: QueueConfig,
    private readonly repository: JobRepository,
    private readonly runner: Runner,
    private readonly wakeUp: WakeUp,
  ) {
    super();
  }

  open(): void {
    this.paused = false;
  }

  async advance(): Promise<number> {
    const free = this.config.concurrency - this.runner.busy;
    if (this.paused || free <= 0) return 0;
    const fresh = await this.claim(free, false);
    const suspects = fresh.length < free && this.runner.quarantine.free ? await this.claim(1, true) : [];
    for (const job of [...fresh, ...suspects]) this.begin(job);
    return fresh.length + suspects.length;
  }

  /** Rows that BullMQ had before the engine was changed. */
  recover(): Promise<number> {
    return this.repository.takeBackDispatched(this.config.handoverTimeoutMs);
  }

  async pause(): Promise<void> {
    this.paused = true;
  }

  async close(): Promise<void> {
    this.paused = true;
  }

  private claim(limit: number, suspects: boolean): Promise<ClaimedJob[]> {
    return this.repository.claimDue(this.worker, this.config.leaseMs, limit, suspects);
  }

  private begin(job: ClaimedJob): void {
    // A free hand may take the next row before the next poll.
    void this.runner.run(job).then(() => this.wakeUp.ring());
  }
}

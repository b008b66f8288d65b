import { type JobRepository } from '../ledger/job.repository';
import { type QueueConfig } from '../queue.config';
import { type WakeUp } from '../wake-up';
import { type Slots } from '../worker/slots';
import { Engine } from './engine';

/** No queue beside the ledger: rows are leased from the table and run in this process. */
export class EmbeddedEngine extends Engine {
  readonly name = 'embedded';
  private isPaused = false;

  constructor(
    private readonly slots: Slots,
    private readonly repository: JobRepository,
    private readonly config: QueueConfig,
    private readonly wakeUp: WakeUp,
  ) {
    super();
  }

  open(): void {
    this.isPaused = false;
  }

  /** The ledger is the other side, and readiness asks the database anyway. */
  async check(): Promise<void> {}

  async advance(): Promise<number> {
    if (this.isPaused) return 0;
    const jobs = await this.slots.takeDue();
    // The slot that is free again may take the next row before the next poll.
    for (const job of jobs) void this.slots.run(job).then(() => this.wakeUp.wake());
    return jobs.length;
  }

  /** Rows that BullMQ had before the engine was changed. */
  recover(): Promise<number> {
    return this.repository.takeBackDispatched(this.config.handoverTimeoutMs);
  }

  async pause(): Promise<void> {
    this.isPaused = true;
  }
}

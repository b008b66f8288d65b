import { setTimeout as sleep } from 'node:timers/promises';
import { type Processor, Worker, type WorkerOptions } from 'bullmq';
import { oursOf } from './backend';
import { within } from './bounded';
import { type CarrierWorker, QUEUE } from './carrier';
import { OutageLog } from './outage-log';

const CLOSE_MS = 2_000;
/** BullMQ's worker asks again at once after most errors: so many in a second are one that lasts. */
const MOST_ERRORS = 20;
const ERRORS_MS = 1_000;
const REST_MS = 2_000;

/** Every worker of BullModule: it does not storm what refuses it, and closes in time while the other side is away. */
export class BullWorker extends Worker implements CarrierWorker {
  isResting = false;
  /** Somebody paused it, and nobody resumed it. */
  private isHeld = false;
  private errors = { since: 0, count: 0 };
  private readonly recovered: (() => void)[] = [];

  constructor(name: string, processor?: string | URL | null | Processor, options?: WorkerOptions) {
    super(name, processor, options ?? { connection: {} });
    this.on('error', (error) => {
      const isRefused = oursOf(this.opts.connection)?.refusalOf(error) !== undefined;
      if (this.isSpinning() || isRefused) void this.rest();
    });
    // The engine tells of our own.
    if (name !== QUEUE) new OutageLog(name).follow(this);
  }

  onRecovered(listener: () => void): void {
    this.recovered.push(listener);
  }

  override async pause(doNotWaitActive?: boolean): Promise<void> {
    this.isHeld = true;
    await super.pause(doNotWaitActive);
  }

  override async resume(): Promise<void> {
    this.isHeld = false;
    await super.resume();
  }

  override close(force?: boolean): Promise<void> {
    return within(CLOSE_MS, super.close(force), () => this.disconnect());
  }

  private isSpinning(): boolean {
    const now = performance.now();
    if (now - this.errors.since > ERRORS_MS) this.errors = { since: now, count: 0 };
    return ++this.errors.count > MOST_ERRORS;
  }

  private async rest(): Promise<void> {
    if (this.isResting) return;
    this.isResting = true;
    await super.pause(true);
    await sleep(REST_MS, undefined, { ref: false });
    this.isResting = false;
    if (this.isHeld || this.closing) return;
    this.errors.count = 0;
    await super.resume();
    await sleep(ERRORS_MS, undefined, { ref: false });
    if (this.errors.count === 0) for (const listener of this.recovered) listener();
  }
}

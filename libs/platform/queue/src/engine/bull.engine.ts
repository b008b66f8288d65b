import { setTimeout as sleep } from 'node:timers/promises';
import { BootRefused } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type ClaimedJob } from '../ledger/job-record';
import { type JobRepository } from '../ledger/job.repository';
import { type QueueConfig } from '../queue.config';
import { type WakeUp } from '../wake-up';
import { type Slots } from '../worker/slots';
import { timely } from './bounded';
import { type Carrier, type CarrierWorker, type HandOver, TIMEOUT_MS } from './carrier';
import { Engine } from './engine';

const BATCH = 100;
const RECONNECT_MS = 1_000;
/** Pause before the other side is asked again for what it refused: only a person ends a refusal. */
const REFUSED_MS = 5_000;
const ON_THE_BELT = new Set(['waiting', 'active', 'delayed', 'prioritized', 'waiting-children']);

/** Hands ids of committed rows to BullMQ and claims the row when BullMQ gives the id to this process. */
export class BullEngine extends Engine {
  readonly name: string;
  private readonly log = Log.for('worker');
  private worker?: CarrierWorker;
  private connecting?: Promise<void>;
  private isPaused = true;
  /** Why nothing is carried at present: BootRefused for what only an operator can change, else an outage. */
  private trouble?: Error;

  constructor(
    private readonly carrier: Carrier,
    private readonly slots: Slots,
    private readonly repository: JobRepository,
    private readonly config: QueueConfig,
    private readonly wakeUp: WakeUp,
  ) {
    super();
    this.name = carrier.name;
    carrier.queue.on('error', (error) => this.reportAway(error));
  }

  open(): void {
    this.isPaused = false;
    if (this.worker) void this.carrier.resumeWorkers();
    else this.connecting ??= this.connect().finally(() => (this.connecting = undefined));
  }

  async check(): Promise<void> {
    const { worker } = this;
    if (this.isPaused) return;
    if (!worker || worker.isResting) {
      if (this.trouble) throw this.trouble;
      return;
    }
    if (!worker.isRunning()) throw new Error(`The worker of ${this.name} has ended`);
    await this.asking(this.carrier.queue.getJob('readiness'));
    this.reportBack();
  }

  async advance(): Promise<number> {
    if (this.isPaused || !this.worker) return 0;
    const rows = await this.repository.dispatchDue(BATCH);
    await this.handOver(rows);
    return rows.length;
  }

  async recover(): Promise<number> {
    if (this.isPaused || !this.worker) return 0;
    const rows = await this.repository.dispatchAgain(this.config.handoverTimeoutMs, BATCH);
    for (const row of rows) await this.forgetStranded(row);
    await this.handOver(rows);
    return rows.length;
  }

  async pause(): Promise<void> {
    this.isPaused = true;
    await this.carrier.pauseWorkers();
  }

  private async handOver(rows: readonly ClaimedJob[]): Promise<void> {
    const jobs = rows.filter((row) => row.kind !== 'event');
    if (jobs.length > 0) await this.offer(jobs);
    for (const event of rows) if (event.kind === 'event') await this.slots.deliver(event);
  }

  private async offer(jobs: readonly ClaimedJob[]): Promise<void> {
    try {
      await timely(TIMEOUT_MS, this.carrier.queue.addBulk(jobs.map(toBullJob)));
      if (!this.worker?.isResting) this.reportBack();
    } catch (error) {
      this.reportAway(error);
      await this.repository.undoDispatch(jobs.map((job) => job.id));
      throw error;
    }
  }

  /**
   * BullMQ ignores an id that it knows, also that of a job which ended, or which is in no list because Redis lost the
   * list and kept the job (eviction): then the row would never come back.
   */
  private async forgetStranded(row: ClaimedJob): Promise<void> {
    const known = await timely(TIMEOUT_MS, this.carrier.queue.getJob(carrierId(row)));
    if (known && !ON_THE_BELT.has(await known.getState())) await known.remove();
  }

  private async take(handOver: HandOver): Promise<void> {
    // What was asked for before the pause may still be given.
    if (this.isPaused) {
      await this.repository.undoDispatch([handOver.id]);
      return;
    }
    await this.slots.workOn(handOver.id, handOver.turn, handOver.suspect);
  }

  private async connect(): Promise<void> {
    while (!this.isPaused && !this.worker) {
      try {
        await this.carrier.queue.waitUntilReady();
        this.begin();
      } catch (error) {
        const isRefused = this.reportAway(error);
        await sleep(isRefused ? REFUSED_MS : RECONNECT_MS, undefined, { ref: false });
      }
    }
  }

  /** The workers begin only now: what BullMQ asks without being let in, it asks without a pause. */
  private begin(): void {
    if (this.isPaused) return;
    const worker = this.carrier.startWorkers((handOver) => this.take(handOver));
    worker.on('error', (error) => this.reportAway(error));
    worker.onRecovered(() => this.reportBack());
    this.worker = worker;
    this.reportBack();
    this.wakeUp.wake();
  }

  private async asking(answer: Promise<unknown>): Promise<void> {
    try {
      await answer;
    } catch (error) {
      this.reportAway(error);
      throw this.trouble ?? error;
    }
  }

  /** Say it once, a refusal with its fix. Answers whether it is one, so that trying again soon is of no use. */
  private reportAway(error: unknown): boolean {
    const refusal = this.carrier.refusalOf(error);
    if (this.isPaused) return refusal !== undefined;
    if (refusal !== undefined) {
      const refused = new BootRefused([refusal]);
      if (this.trouble?.message !== refused.message) this.log.error(`Jobs wait in the ledger: ${refusal}`);
      this.trouble = refused;
    } else if (!this.trouble) {
      // What follows from a refusal, such as a closed connection, is no news.
      this.log.error(`${this.name} is away: jobs wait in the ledger until it is back`, { error });
      this.trouble = new Error(`${this.name} is away`, { cause: error });
    }
    return refusal !== undefined;
  }

  private reportBack(): void {
    if (this.trouble) this.log.info(`${this.name} is back`);
    this.trouble = undefined;
  }
}

// The number of changes of owner makes each turn a job of its own for BullMQ, and repeats of one turn the same.
function carrierId(job: ClaimedJob): string {
  return `${job.id}-${job.claims}`;
}

function toBullJob(job: ClaimedJob) {
  return {
    name: job.name,
    data: { id: job.id, turn: job.claims, suspect: job.crashes > 0 },
    opts: { jobId: carrierId(job) },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { BootRefused } from '@platform/kernel';
import { Log } from '@platform/observability';
import { type ClaimedJob } from '../ledger/job-record';
import { type JobRepository } from '../ledger/job.repository';
import { type QueueConfig } from '../queue.config';
import { type WakeUp } from '../wake-up';
import { type Hands } from '../worker/hands';
import { type BullCarrier, type CarrierQueue, type CarrierWorker, type HandOver } from './bull-carrier';
import { Engine } from './engine';

const BATCH = 100;
const ADD_TIMEOUT_MS = 1_000;
const CLOSE_WORKER_MS = 2_000;
const CLOSE_QUEUE_MS = 1_000;
const RECONNECT_MS = 1_000;
/** Pause before the other side is asked again for what it refused: only a person ends a refusal. */
const REFUSED_MS = 5_000;
/** BullMQ's worker asks again at once after most errors: so many in a second are one that lasts. */
const MOST_ERRORS = 20;
const ERRORS_MS = 1_000;
const REST_MS = 2_000;
const ON_THE_BELT = new Set(['waiting', 'active', 'delayed', 'prioritized', 'waiting-children']);

/** Hands ids of committed rows to BullMQ and claims the row when BullMQ gives the id to this process. */
export class BullEngine extends Engine {
  readonly name: string;
  private readonly log = Log.for('worker');
  private queue?: CarrierQueue;
  private worker?: CarrierWorker;
  private connecting?: CarrierQueue;
  private isPaused = false;
  /** Why nothing is carried at present: BootRefused for what only an operator can change, else an outage. */
  private trouble?: Error;
  private isResting = false;
  private errors = { since: 0, count: 0 };

  constructor(
    private readonly carrier: BullCarrier,
    private readonly hands: Hands,
    private readonly repository: JobRepository,
    private readonly config: QueueConfig,
    private readonly wakeUp: WakeUp,
  ) {
    super();
    this.name = carrier.name;
  }

  open(): void {
    this.isPaused = false;
    void this.connect();
  }

  async check(): Promise<void> {
    const { queue, worker } = this;
    if (this.isPaused) return;
    if (!queue || !worker) {
      if (this.trouble) throw this.trouble;
      return;
    }
    if (this.isResting && this.trouble) throw this.trouble;
    if (!worker.isRunning()) throw new Error(`The worker of ${this.name} has ended`);
    await this.asking(queue.getJob('readiness'));
    this.reportBack();
  }

  async advance(): Promise<number> {
    if (this.isPaused || !this.queue) return 0;
    const rows = await this.repository.dispatchDue(BATCH);
    await this.handOver(rows);
    return rows.length;
  }

  async recover(): Promise<number> {
    if (this.isPaused || !this.queue) return 0;
    const rows = await this.repository.dispatchAgain(this.config.handoverTimeoutMs, BATCH);
    for (const row of rows) await this.forgetStranded(this.queue, row);
    await this.handOver(rows);
    return rows.length;
  }

  async pause(): Promise<void> {
    this.isPaused = true;
    await this.worker?.pause(true);
  }

  async close(): Promise<void> {
    this.isPaused = true;
    const { worker, queue, connecting } = this;
    this.worker = this.queue = undefined;
    await within(CLOSE_WORKER_MS, worker?.close(this.hands.busy), () => worker?.disconnect());
    await within(CLOSE_QUEUE_MS, (queue ?? connecting)?.close(), () => (queue ?? connecting)?.disconnect());
  }

  private async handOver(rows: readonly ClaimedJob[]): Promise<void> {
    const jobs = rows.filter((row) => row.kind !== 'event');
    if (jobs.length > 0) await this.offer(jobs);
    for (const event of rows) if (event.kind === 'event') await this.hands.deliver(event);
  }

  private async offer(jobs: readonly ClaimedJob[]): Promise<void> {
    try {
      await timely(ADD_TIMEOUT_MS, this.queue?.addBulk(jobs.map(toBullJob)));
      if (!this.isResting) this.reportBack();
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
  private async forgetStranded(queue: CarrierQueue, row: ClaimedJob): Promise<void> {
    const known = await timely(ADD_TIMEOUT_MS, queue.getJob(carrierId(row)));
    if (known && !ON_THE_BELT.has(await known.getState())) await known.remove();
  }

  private async take(handOver: HandOver, by: CarrierWorker): Promise<void> {
    // A worker that could not be closed in time may still be given jobs.
    if (this.isPaused || this.worker !== by) {
      await this.repository.undoDispatch([handOver.id]);
      return;
    }
    await this.hands.workOn(handOver.id, handOver.turn, handOver.suspect);
  }

  private async connect(): Promise<void> {
    while (!this.isPaused && !this.queue) {
      // A carrier whose first connection failed remembers the failure: each try is a new one.
      const queue = this.carrier.queue();
      let isRefused = false;
      queue.on('error', (error) => (isRefused = this.reportAway(error) || isRefused));
      this.connecting = queue;
      try {
        await queue.waitUntilReady();
        // Redis says so of a database that it does not have, and goes on with another.
        if (isRefused) throw new Error('The connection was refused what it asked for');
        this.begin(queue);
      } catch (error) {
        isRefused = this.reportAway(error) || isRefused;
        await within(CLOSE_QUEUE_MS, queue.close(), () => queue.disconnect());
        await sleep(isRefused ? REFUSED_MS : RECONNECT_MS, undefined, { ref: false });
      }
    }
  }

  private begin(queue: CarrierQueue): void {
    if (this.isPaused) return;
    const worker = this.carrier.worker((handOver) => this.take(handOver, worker), this.config.concurrency);
    worker.on('error', (error) => {
      const isRefused = this.reportAway(error);
      if (this.isSpinning() || isRefused) void this.rest(worker);
    });
    this.worker = worker;
    this.queue = queue;
    this.connecting = undefined;
    this.reportBack();
    this.wakeUp.ring();
  }

  private isSpinning(): boolean {
    const now = performance.now();
    if (now - this.errors.since > ERRORS_MS) this.errors = { since: now, count: 0 };
    return ++this.errors.count > MOST_ERRORS;
  }

  private async rest(worker: CarrierWorker): Promise<void> {
    if (this.isResting) return;
    this.isResting = true;
    await worker.pause(true);
    await sleep(REST_MS, undefined, { ref: false });
    this.isResting = false;
    if (this.isPaused || this.worker !== worker) return;
    this.errors.count = 0;
    worker.resume();
    await sleep(ERRORS_MS, undefined, { ref: false });
    if (this.errors.count === 0) this.reportBack();
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

// The number of changes of hands makes each turn a job of its own for BullMQ, and repeats of one turn the same.
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

async function timely<T>(ms: number, work: Promise<T> | undefined): Promise<T | undefined> {
  const giveUp = new AbortController();
  const tooLate = sleep(ms, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`No answer within ${ms} ms`);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    giveUp.abort();
    tooLate.catch(() => undefined);
  }
}

async function within(ms: number, work: Promise<void> | undefined, otherwise: () => Promise<void> | undefined) {
  try {
    await timely(ms, work);
  } catch {
    void otherwise()?.catch(() => undefined);
  }
}

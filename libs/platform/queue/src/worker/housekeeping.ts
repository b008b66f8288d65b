import { Injectable } from '@nestjs/common';
import { Log } from '@platform/observability';
import { Engine } from '../engine/engine';
import { JobRepository } from '../ledger/job.repository';
import { QueueConfig } from '../queue.config';
import { WakeUp } from '../wake-up';
import { Loop } from './loop';

const PURGE_EVERY_MS = 60_000;
const PURGE_BATCH = 1_000;
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
const DAY_MS = 86_400_000;

/** Brings back what got lost and forgets what is long done. Every worker does; each statement lets one win. */
@Injectable()
export class Housekeeping {
  private readonly log = Log.for('worker');
  private readonly loop = new Loop('Housekeeping of the jobs', () => this.step());
  private purgedAt = 0;

  constructor(
    private readonly repository: JobRepository,
    private readonly engine: Engine,
    private readonly config: QueueConfig,
    private readonly wakeUp: WakeUp,
  ) {}

  start(): void {
    this.loop.start();
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async step(): Promise<number> {
    await this.takeOver();
    const lost = await this.engine.recover();
    if (lost > 0) {
      this.log.warn(`${this.engine.name} had not begun ${lost} jobs in time: they were handed over again`);
      this.wakeUp.wake();
    }
    await this.purge();
    return Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, this.config.leaseMs / 4));
  }

  private async takeOver(): Promise<void> {
    const taken = await this.repository.takeOverSilent();
    for (const { id, name, state, crashes } of taken) {
      const facts = { job: name, id, crashes };
      if (state === 'dead') this.log.error('Job took its process down too often: it rests in the dead letters', facts);
      else this.log.warn('Job taken over from a worker that ended or fell silent', facts);
    }
    if (taken.length > 0) this.wakeUp.wake();
  }

  private async purge(): Promise<void> {
    const now = performance.now();
    if (this.purgedAt > 0 && now - this.purgedAt < PURGE_EVERY_MS) return;
    await this.purgeAll('done', this.config.retentionSeconds * 1_000);
    await this.purgeAll('dead', this.config.deadRetentionDays * DAY_MS);
    this.purgedAt = now;
  }

  private async purgeAll(state: 'done' | 'dead', ageMs: number): Promise<void> {
    while ((await this.repository.purge(state, ageMs, PURGE_BATCH)) === PURGE_BATCH);
  }
}

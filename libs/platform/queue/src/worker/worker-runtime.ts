import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Log } from '@platform/observability';
import { Engine } from '../engine/engine';
import { JobRepository } from '../ledger/job.repository';
import { QueueConfig } from '../queue.config';
import { WakeUp } from '../wake-up';
import { HandlerRegistry } from './handler-registry';
import { Housekeeping } from './housekeeping';
import { Loop } from './loop';
import { Runner } from './runner';
import { Scheduler } from './scheduler';
import { WorkerIdentity } from './worker-identity';

/** The worker of this process: started by `main` once everything is wired, stopped by its shutdown sequence. */
@Injectable()
export class WorkerRuntime implements BeforeApplicationShutdown {
  private readonly log = Log.for('worker');
  private readonly relay = new Loop('The relay of jobs', () => this.advance());
  private readonly heartbeat = new Loop('The heartbeat of jobs', () => this.renew());
  private unring?: () => void;
  private stopping?: Promise<void>;

  constructor(
    private readonly engine: Engine,
    private readonly runner: Runner,
    private readonly scheduler: Scheduler,
    private readonly housekeeping: Housekeeping,
    private readonly handlers: HandlerRegistry,
    private readonly repository: JobRepository,
    private readonly config: QueueConfig,
    private readonly identity: WorkerIdentity,
    private readonly wakeUp: WakeUp,
  ) {}

  /** Begin to work. Returns at once; an engine that is away is waited for in the background. */
  start(): void {
    if (this.unring) return;
    this.stopping = undefined;
    this.engine.open();
    this.unring = this.wakeUp.onRing(() => this.relay.wake());
    this.relay.start();
    this.heartbeat.start();
    this.housekeeping.start();
    this.scheduler.start();
    const facts = { engine: this.engine.name, worker: this.identity.id, handlers: this.handlers.all().length };
    this.log.info('Worker started', facts);
  }

  /** Take nothing more, wait for what runs, hand back what does not end in time. Safe twice. */
  stop(graceMs = this.config.shutdownTimeoutSeconds * 1_000): Promise<void> {
    if (!this.unring) return Promise.resolve();
    this.stopping ??= this.wind(graceMs);
    return this.stopping;
  }

  /** For processes that end without having called {@link stop}. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  private async wind(graceMs: number): Promise<void> {
    const pausing = this.engine.pause();
    await Promise.all([this.relay.stop(), this.scheduler.stop(), this.housekeeping.stop(), pausing]);
    if (!(await this.runner.idleWithin(graceMs))) {
      const handedBack = await this.runner.handBack();
      this.log.warn('Jobs did not end in time and were handed back', { jobs: handedBack, grace_ms: graceMs });
    }
    await this.heartbeat.stop();
    await this.engine.close();
    this.unring?.();
    this.unring = undefined;
    this.log.info('Worker stopped');
  }

  private async advance(): Promise<number> {
    return (await this.engine.advance()) > 0 ? 0 : this.config.pollMs;
  }

  private async renew(): Promise<number> {
    const ids = this.runner.ids();
    if (ids.length > 0) await this.repository.renew(ids, this.identity.id, this.config.leaseMs);
    return this.config.leaseMs / 4;
  }
}

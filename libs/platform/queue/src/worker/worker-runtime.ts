import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Log } from '@platform/observability';
import { Engine } from '../engine/engine';
import { Heartbeat } from './heartbeat';
import { BackgroundLoops } from './background-loops';
import { Runner } from './runner';

/** The worker of this process: started by `main` once everything is wired, stopped by its shutdown sequence. */
@Injectable()
export class WorkerRuntime implements BeforeApplicationShutdown {
  private readonly log = Log.for('worker');
  private isStarted = false;
  private stopping?: Promise<void>;

  constructor(
    private readonly engine: Engine,
    private readonly runner: Runner,
    private readonly loops: BackgroundLoops,
    private readonly heartbeat: Heartbeat,
    private readonly core: CoreConfig,
  ) {}

  /** Begin to work. Returns at once; an engine that is away is waited for in the background. */
  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.stopping = undefined;
    this.engine.open();
    this.heartbeat.start();
    this.loops.start();
    this.log.info('Worker started', { engine: this.engine.name });
  }

  /** Take nothing more, wait for what runs, hand back what does not end in time. Safe twice. */
  stop(graceMs = this.core.shutdownTimeoutSeconds * 1_000): Promise<void> {
    if (!this.isStarted) return Promise.resolve();
    this.stopping ??= this.wind(graceMs);
    return this.stopping;
  }

  /** For processes that end without having called {@link stop}. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  private async wind(graceMs: number): Promise<void> {
    await Promise.all([this.engine.pause(), this.loops.stop()]);
    if (!(await this.runner.idleWithin(graceMs))) {
      const jobs = await this.runner.handBack();
      this.log.warn('Jobs did not end in time and were handed back', { jobs, grace_ms: graceMs });
    }
    await this.heartbeat.stop();
    this.isStarted = false;
    this.log.info('Worker stopped');
  }
}

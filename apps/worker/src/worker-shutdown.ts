import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { flushLogs, Lifecycle, Log } from '@platform/observability';
import { WorkerRuntime } from '@platform/queue';
import { OperationsServer } from './operations-server';

/** What closing connections may take after the jobs had their time, seconds. */
const CLOSING_SECONDS = 10;

/** Ends the process without repeating a job: take nothing more → finish or hand back → close → exit. */
@Injectable()
export class WorkerShutdown {
  private readonly log = Log.for('shutdown');
  private begun = false;

  constructor(
    private readonly runtime: WorkerRuntime,
    private readonly operations: OperationsServer,
    private readonly lifecycle: Lifecycle,
    private readonly core: CoreConfig,
  ) {}

  /** Exit by this sequence on SIGTERM and SIGINT with 0, and on an error that nobody caught with 1. */
  install(app: INestApplicationContext): void {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      // A process group's signal may come twice, once by way of npm: the second must not end what is finishing.
      process.on(signal, () => {
        if (!this.begun) this.log.info('Shutting down', { signal });
        void this.exit(app, 0);
      });
    }
    const fail = (error: unknown): void => {
      this.log.error('Uncaught error, shutting down', { error });
      void this.exit(app, 1);
    };
    process.on('uncaughtException', fail).on('unhandledRejection', fail);
  }

  private async exit(app: INestApplicationContext, code: number): Promise<void> {
    if (this.begun) return;
    this.begun = true;
    const limit = this.core.shutdownTimeoutSeconds + CLOSING_SECONDS;
    // Unreferenced: it must not keep a process alive that is done.
    setTimeout(() => this.end('Shutdown took too long, exiting', 1), limit * 1_000).unref();
    try {
      this.lifecycle.beginDrain();
      await this.runtime.stop();
      this.operations.close();
      await app.close();
    } catch (error) {
      this.log.error('Shutdown failed', { error });
      code = 1;
    }
    this.end('Shut down', code);
  }

  private end(message: string, code: number): void {
    this.log.info(message, { exit_code: code });
    flushLogs();
    process.exit(code);
  }
}

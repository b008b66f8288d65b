import { type INestApplicationContext, Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { flushLogs, Lifecycle, Log } from '@platform/observability';
import { type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { EntryMiddleware } from '../entry/entry.middleware';
import { RequestReport } from '../entry/request-report';
import { HttpConfig } from '../http.config';

const SWEEP_MS = 50;
const DRAIN_SECONDS = { local: 1, elsewhere: 5 };

/** An app with a server to close. */
export interface ClosableApp extends INestApplicationContext {
  getHttpServer(): Server;
}

/**
 * Ends the process without breaking a request (reliability §2): readiness red and `Connection: close` on every answer
 * while new requests are still served → no new connections, long ones told → running requests finish → the app closes.
 * Nest's own shutdown hooks never exit under keep-alive load, or break what is running.
 */
@Injectable()
export class GracefulShutdown {
  private readonly log = Log.for('shutdown');
  private readonly farewells: { name: string; say: () => void | Promise<void> }[] = [];
  private begun?: Promise<void>;

  constructor(
    private readonly config: HttpConfig,
    private readonly core: CoreConfig,
    private readonly lifecycle: Lifecycle,
    private readonly entry: EntryMiddleware,
    private readonly requests: RequestReport,
  ) {}

  /** Run `say` after the drain: whoever holds connections open (sockets, streams) tells their clients to go. */
  onFarewell(name: string, say: () => void | Promise<void>): void {
    this.farewells.push({ name, say });
  }

  /** Exit by this sequence on SIGTERM and SIGINT with 0, and on an error that nobody caught with 1. */
  install(app: ClosableApp): void {
    const stop = (signal: string): void => {
      // A process group's signal may come twice, once by way of npm: the second must not end what is finishing.
      if (this.begun) return;
      this.log.info('Shutting down', { signal });
      void this.exit(app, 0);
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
    const fail = (error: unknown): void => {
      this.log.error('Uncaught error, shutting down', { error });
      void this.exit(app, 1);
    };
    process.on('uncaughtException', fail).on('unhandledRejection', fail);
  }

  /** The sequence up to the closed app. Safe twice. */
  close(app: ClosableApp): Promise<void> {
    return (this.begun ??= this.sequence(app));
  }

  private async exit(app: ClosableApp, code: number): Promise<void> {
    // Unreferenced: it must not keep a process alive that is done.
    const limit = this.drainSeconds + this.core.shutdownTimeoutSeconds;
    setTimeout(() => this.giveUp(limit), (limit + 1) * 1_000).unref();
    try {
      await this.close(app);
      this.log.info('Shut down');
    } catch (error) {
      this.log.error('Shutdown failed', { error });
      code = 1;
    }
    flushLogs();
    process.exit(code);
  }

  private giveUp(seconds: number): void {
    this.log.error('Shutdown took too long, exiting', { seconds, running_requests: this.requests.running.size });
    flushLogs();
    process.exit(1);
  }

  private async sequence(app: ClosableApp): Promise<void> {
    const server = app.getHttpServer();
    this.lifecycle.beginDrain();
    this.closeAfterAnswers();
    await sleep(this.drainSeconds * 1_000);
    server.close();
    await this.sayFarewell();
    await this.requestsFinished(server);
    server.closeAllConnections();
    await app.close();
  }

  /** Clients leave one by one on their own answers, so none sends into a connection that is being closed. */
  private closeAfterAnswers(): void {
    this.entry.closing = true;
    for (const response of this.requests.running) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
  }

  private async sayFarewell(): Promise<void> {
    for (const { name, say } of this.farewells) {
      try {
        await say();
      } catch (error) {
        this.log.warn('Farewell failed', { farewell: name, error });
      }
    }
  }

  private async requestsFinished(server: Server): Promise<void> {
    const deadline = performance.now() + this.core.shutdownTimeoutSeconds * 1_000;
    while (this.requests.running.size > 0 && performance.now() < deadline) {
      server.closeIdleConnections();
      await sleep(SWEEP_MS);
    }
    if (this.requests.running.size > 0) {
      this.log.warn('Requests were cut off', { running_requests: this.requests.running.size });
    }
  }

  private get drainSeconds(): number {
    return this.config.drainSeconds ?? (this.core.isLocal ? DRAIN_SECONDS.local : DRAIN_SECONDS.elsewhere);
  }
}

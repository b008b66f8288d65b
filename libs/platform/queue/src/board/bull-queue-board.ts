import { type IncomingMessage, type ServerResponse } from 'node:http';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Queue } from 'bullmq';
import { asOptions } from '../engine/backend';
import { BullQueue } from '../engine/bull-queue';
import { QUEUE } from '../engine/carrier';
import { DomainQueues } from '../engine/domain-queues';
import { JobsConnection } from '../engine/jobs-connection';
import { BOARD_PATH, QueueBoard } from './queue-board';

type Router = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/** bull-board over our queue and those of the domains; it reads, and writes nothing: that goes through the ledger. */
@Injectable()
export class BullQueueBoard extends QueueBoard implements OnApplicationShutdown {
  private router?: Router;
  /** Ours, where this process does not work on it. */
  private opened?: Queue;

  constructor(
    private readonly queues: DomainQueues,
    private readonly connection: JobsConnection,
  ) {
    super();
  }

  answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    // Loaded by the first who looks.
    this.router ??= this.make();
    const router = this.router;
    // It is mounted by nobody, so it must not see where it is.
    request.url = (request.url ?? '').slice(BOARD_PATH.length).replace(/^(?!\/)/, '/');
    return new Promise((resolve, reject) => {
      response.once('close', () => resolve(true));
      router(request, response, (error) => (error === undefined ? resolve(false) : reject(error as Error)));
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opened?.close();
  }

  private make(): Router {
    const { createBullBoard } = require('@bull-board/api') as typeof import('@bull-board/api');
    const { BullMQAdapter } =
      require('@bull-board/api/bullMQAdapter') as typeof import('@bull-board/api/bullMQAdapter');
    const { ExpressAdapter } = require('@bull-board/express') as typeof import('@bull-board/express');
    const server = new ExpressAdapter().setBasePath(BOARD_PATH);
    createBullBoard({
      queues: this.all().map((queue) => new BullMQAdapter(queue, readingOf(queue.name))),
      serverAdapter: server,
      options: { uiConfig: { boardTitle: 'Queues' } },
    });
    const router = server.getRouter() as Router & { disable(setting: string): void };
    router.disable('x-powered-by');
    return router;
  }

  private all(): Queue[] {
    const found = this.queues.queues();
    if (found.some(({ name }) => name === QUEUE)) return found;
    const { connection } = this;
    this.opened = new BullQueue(QUEUE, {
      connection: asOptions(connection),
      prefix: connection.prefix,
      skipMetasUpdate: true,
    });
    return [this.opened, ...found];
  }
}

function readingOf(queue: string) {
  const description = 'Rows of the ledger under way, by their ids; all that was: npm run omni -- jobs list';
  return { readOnlyMode: true, ...(queue === QUEUE && { description }) };
}

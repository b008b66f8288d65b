import { Injectable, Optional } from '@nestjs/common';
import { html, htmlPage } from '@platform/mail';
import { NotFound } from '@platform/kernel';
import { QueueBoard } from '@platform/queue';
import { type HttpRequest, type HttpResponse } from '../http-request';

/** What a browser is shown of the queues. */
@Injectable()
export class QueuePages {
  constructor(@Optional() private readonly board?: QueueBoard) {}

  /** @throws NotFound when the board has nothing at this address */
  async answer(request: HttpRequest, response: HttpResponse): Promise<void> {
    if (!this.board) {
      response.type('html').send(withoutBullMq());
      return;
    }
    const { path } = request;
    if (!(await this.board.answer(request, response))) throw new NotFound('Page', path);
  }
}

function withoutBullMq(): string {
  const content = html`<h1>Queues</h1>
    <p>There is no BullMQ here: the embedded engine takes jobs from the ledger itself, the table <code>jobs</code>.</p>
    <p>
      To see them: <code>npm run omni -- jobs list</code>, and <code>npm run omni -- jobs list --state dead</code> for
      those that failed for good.
    </p>
    <p>
      To have BullMQ carry them: set <code>DATABASE_URL</code> with a PostgreSQL address, or <code>REDIS_URL</code>.
    </p>`;
  return htmlPage({ title: 'Queues', content });
}

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Log } from '@platform/observability';
import { WorkerConfig } from '@platform/queue';
import { type Answer, json, Operations } from './operations';

/** Serves GET /health/live, /health/ready and /metrics of a process that has no other HTTP. */
@Injectable()
export class OperationsServer {
  private readonly log = Log.for('worker');
  private server?: Server;

  constructor(
    private readonly config: WorkerConfig,
    private readonly operations: Operations,
  ) {}

  /** Listen. A taken port is reported and nothing more: a worker that cannot be asked still works. */
  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.handle(request, response));
    server.headersTimeout = server.requestTimeout = 5_000;
    server.listen(this.config.port, this.config.host);
    try {
      await once(server, 'listening');
    } catch (error) {
      this.log.error('Health and metrics of the worker cannot be served: change WORKER_PORT (worker.port)', { error });
      return;
    }
    this.server = server;
    // A TCP server that listens has an address object.
    this.log.info('Health and metrics of the worker are served', { port: (server.address() as AddressInfo).port });
  }

  close(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type, body } = await this.answer(request);
    response.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 401 && { 'www-authenticate': 'Bearer realm="metrics"' }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { status: 'GET and HEAD only' });
    try {
      return await this.operations.answer((request.url ?? '/').split('?')[0] ?? '/', request.headers.authorization);
    } catch (error) {
      this.log.error('A question about the worker could not be answered', { error });
      return json(500, { status: 'error' });
    }
  }
}

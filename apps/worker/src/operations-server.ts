import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { listenFailure, Log } from '@platform/observability';
import { WorkerConfig } from '@platform/queue';
import { type Answer, json, Operations } from './operations';

/** Serves GET /health/live, /health/ready and /metrics of a process that has no other HTTP. */
@Injectable()
export class OperationsServer {
  private readonly log = Log.for('worker');
  private server?: Server;

  constructor(
    private readonly config: WorkerConfig,
    private readonly core: CoreConfig,
    private readonly operations: Operations,
  ) {}

  /** @throws BootRefused when the address is taken, as by a second worker, or not this machine's */
  async listen(): Promise<void> {
    const { host = this.core.defaultHost, port } = this.config;
    const server = createServer((request, response) => void this.handle(request, response));
    server.headersTimeout = server.requestTimeout = 5_000;
    server.listen(port, host);
    try {
      await once(server, 'listening');
    } catch (error) {
      throw listenFailure(error, { host, port, hostSetting: 'WORKER_HOST', portSetting: 'WORKER_PORT' });
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

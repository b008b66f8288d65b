import { type NestApplicationOptions, StreamableFile } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { answerJson } from '../answer';
import { type HttpResponse } from '../http-request';

/** What stands between node's server and Express. */
export interface Outside {
  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void;
}

/** How often node looks for connections that exceeded a timeout; its own 30 s would let a slow client live 30 s (F28). */
const CHECKING_INTERVAL_MS = 1_000;

/** Where sockets are served, and the one place at which a connection may become another protocol. */
export const SOCKET_PATH = '/socket.io';

/** Express below Nest, with the entry middleware outside of it and a lean way to answer JSON. */
export class HttpAdapter extends ExpressAdapter {
  private outside?: Outside;

  /** Put `outside` before Express, for every request from now on. */
  surroundWith(outside: Outside): void {
    this.outside = outside;
  }

  override initHttpServer(options: NestApplicationOptions): void {
    if (options.httpsOptions) throw new Error('TLS ends at the proxy: leave httpsOptions out of NestFactory.create()');
    const express = this.getInstance() as RequestListener;
    const listener: RequestListener = (request, response) => {
      if (this.outside) this.outside.handle(request, response, () => express(request, response));
      else express(request, response);
    };
    this.httpServer = createServer(
      { connectionsCheckingInterval: CHECKING_INTERVAL_MS, shouldUpgradeCallback },
      listener,
    );
  }

  override reply(response: HttpResponse, body: unknown, status?: number): unknown {
    if (body === undefined || body === null) {
      if (status !== undefined) response.statusCode = status;
      return response.end();
    }
    if (typeof body !== 'object' || body instanceof StreamableFile || body instanceof Uint8Array) {
      return super.reply(response, body, status);
    }
    return answerJson(response, status ?? response.statusCode, body);
  }
}

/** Elsewhere `Upgrade` is not heeded and the request answered (RFC 9110 §7.8): nobody would close such a connection. */
function shouldUpgradeCallback({ url }: IncomingMessage): boolean {
  return url?.startsWith(`${SOCKET_PATH}/`) === true;
}

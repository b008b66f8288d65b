import { v7 } from 'uuid';
import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import { type Duplex } from 'node:stream';
import { errorDocument } from '../errors/error-document';
import { AppError } from '@platform/kernel';
import { HttpConfig } from '../http.config';

const MAX_HEADERS = 100;
const MAX_REQUESTS_PER_SOCKET = 10_000;

/** Connections that close once the answers of their whole requests are out. */
const closing = new WeakSet<Duplex>();

/**
 * Bound what one client may hold of the server (reliability §4.1); call it before `listen`. `running` are the answers
 * that are not finished, oldest first.
 */
export function limitServer(server: Server, config: HttpConfig, running: ReadonlySet<ServerResponse>): void {
  server.headersTimeout = config.headersTimeoutSeconds * 1_000;
  server.requestTimeout = config.requestTimeoutSeconds * 1_000;
  server.keepAliveTimeout = config.keepAliveSeconds * 1_000;
  server.maxHeadersCount = MAX_HEADERS;
  server.maxRequestsPerSocket = MAX_REQUESTS_PER_SOCKET;
  server.maxConnections = config.maxConnections;
  server.on('clientError', (error, socket) => endBroken(error, socket, running));
}

/**
 * A connection on which what comes next is no request. Answers go out in the order of their requests (RFC 9112 §9.3.2):
 * a refusal before the answer that is under way would tell its client that a request failed which did its work.
 */
function endBroken(error: NodeJS.ErrnoException, socket: Duplex, running: ReadonlySet<ServerResponse>): void {
  // What follows is as broken, and arrives while the answer is on its way.
  if (closing.has(socket)) return;
  const underWay = [...running].findLast(({ req }) => req.socket === socket && req.complete);
  if (!underWay || error.code === 'ECONNRESET') {
    answerBrokenRequest(error, socket);
    return;
  }
  closing.add(socket);
  if (!underWay.headersSent) underWay.setHeader('Connection', 'close');
  underWay.once('close', () => socket.end());
}

/** What node's parser or a timeout refuses never becomes a request; it gets the envelope all the same. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  // A connection that broke, or whose answer has begun, cannot be told anything.
  if (error.code === 'ECONNRESET' || !socket.writable || hasBegunToAnswer(socket)) {
    socket.destroy();
    return;
  }
  const clientError = clientErrorOf(error.code);
  const requestId = v7();
  const body = JSON.stringify(errorDocument(clientError, requestId));
  const head = [
    `HTTP/1.1 ${clientError.status} ${STATUS_CODES[clientError.status] ?? 'Error'}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-ID: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function hasBegunToAnswer(socket: Duplex): boolean {
  // Node keeps the running response on the socket and offers no other way to ask.
  const message = (socket as Duplex & { _httpMessage?: { headersSent: boolean } | null })._httpMessage;
  return message?.headersSent === true;
}

function clientErrorOf(code: string | undefined): AppError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError('The request did not arrive in time', { status: 408, code: 'REQUEST_TIMEOUT' });
    case 'HPE_HEADER_OVERFLOW':
      return new AppError('The request headers are too large', { status: 431, code: 'HEADERS_TOO_LARGE' });
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new AppError('The request body is too large', { status: 413, code: 'PAYLOAD_TOO_LARGE' });
    default:
      return new AppError('The request is not valid HTTP', { status: 400, code: 'BAD_REQUEST' });
  }
}

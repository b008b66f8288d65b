import { type AppError } from '@platform/kernel';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { varyOn } from '../answer';
import { hasBody } from '../body/read-body';
import { errorDocument, PROBLEM_TYPE, problemDocument, wantsProblem } from './error-document';

/** How long a client that is still sending gets to read its answer. */
const LINGER_MS = 2_000;

/** Answer `error` as the envelope, or as RFC 9457 when the caller accepts that. */
export function answerError(
  error: AppError,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): void {
  const asProblem = wantsProblem(request.headers.accept);
  const path = (request as { originalUrl?: string }).originalUrl ?? request.url ?? '/';
  const document = asProblem
    ? problemDocument(error, requestId, path.split('?', 1)[0] ?? '/')
    : errorDocument(error, requestId);
  const text = JSON.stringify(document);
  // What a controller had set for a success does not hold for its failure.
  for (const name of ['ETag', 'Location', 'Content-Disposition', 'Content-Encoding']) response.removeHeader(name);
  response.statusCode = error.status;
  for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
  response.setHeader('Content-Type', asProblem ? PROBLEM_TYPE : 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.setHeader('Cache-Control', 'no-store');
  varyOn(response, 'Accept');
  end(request, response, text);
}

/**
 * Closing a connection while its client still sends makes the kernel reset it, and the client may never see the answer
 * (RFC 9112 §9.6). So the answer goes out whole at once, and the end waits for the rest of the request, for a while.
 */
function end(request: IncomingMessage, response: ServerResponse, text: string): void {
  if (request.complete || request.destroyed || !hasBody(request)) {
    response.end(text);
    return;
  }
  response.write(text);
  const finish = (): void => {
    clearTimeout(timer);
    if (!response.writableEnded) response.end();
  };
  const timer = setTimeout(finish, LINGER_MS);
  request.once('end', finish).once('close', finish).resume();
}

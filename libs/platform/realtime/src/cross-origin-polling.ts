import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type CrossOrigin } from '@platform/http';

/** Runs before Socket.IO looks at a request: the cross-origin answers of long polling, by the rules of the REST API. */
export function crossOriginPolling(rules: CrossOrigin) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const { origin, 'access-control-request-headers': requestHeaders } = request.headers;
    if (origin === undefined) return next();
    if (request.method !== 'OPTIONS') {
      for (const [name, value] of rules.headersFor(origin)) response.setHeader(name, value);
      return next();
    }
    for (const [name, value] of rules.preflightHeaders(origin, requestHeaders)) response.setHeader(name, value);
    response.writeHead(204).end();
  };
}

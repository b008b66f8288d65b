import { type ServerResponse } from 'node:http';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Write `body` as JSON and end the response: what Express's `json` does, without its ETag, freshness and type lookups. */
export function answerJson(response: ServerResponse, status: number, body: unknown, type = JSON_TYPE): void {
  const text = JSON.stringify(body);
  response.statusCode = status;
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

/** Add `token` to `Vary` unless it stands there already. */
export function varyOn(response: ServerResponse, token: string): void {
  const before = String(response.getHeader('Vary') ?? '');
  if (!before.includes(token)) response.setHeader('Vary', before ? `${before}, ${token}` : token);
}

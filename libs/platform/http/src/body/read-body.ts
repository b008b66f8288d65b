import { BadRequest } from '@platform/kernel';
import { type IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PayloadTooLarge, UnsupportedMediaType } from '../errors/http-errors';
import { parseJsonBody } from './json-text';

const inflate = promisify(gunzip);
const JSON_TYPE = /^\s*application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]+)/i;

/** Whether the request announces a body (RFC 9112 §6.3). */
export function hasBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

/**
 * The JSON body of the request; an empty object when it brings none, so that validation names the missing fields.
 * @throws UnsupportedMediaType, PayloadTooLarge (before the rest is read), BadRequest
 */
export async function readJsonBody(request: IncomingMessage, limit: number): Promise<object> {
  if (!hasBody(request)) return {};
  const type = request.headers['content-type'] ?? '';
  const charset = CHARSET.exec(type)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!JSON_TYPE.test(type) || (charset !== 'utf-8' && charset !== 'utf8')) {
    throw new UnsupportedMediaType('Send the body as application/json in UTF-8', { Accept: 'application/json' });
  }
  const bytes = await readBytes(request, limit);
  return bytes.length === 0 ? {} : parseJsonBody(bytes);
}

/** The body as it came, inflated when it is gzip; at most `limit` bytes before and after. */
export async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    // RFC 9110 §15.5.16: Accept-Encoding tells which codings would do.
    throw new UnsupportedMediaType('Send the body uncompressed or as gzip', { 'Accept-Encoding': 'gzip, identity' });
  }
  const bytes = await collect(request, limit);
  return encoding === 'gzip' ? inflated(bytes, limit) : bytes;
}

async function inflated(bytes: Buffer, limit: number): Promise<Buffer> {
  try {
    // Stops as soon as the output is larger: a bomb never unfolds.
    return await inflate(bytes, { maxOutputLength: limit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new PayloadTooLarge(limit);
    throw new BadRequest('The request body is not valid gzip');
  }
}

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length']) > limit) return Promise.reject(new PayloadTooLarge(limit));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (outcome: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      outcome();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limit) {
        chunks.push(chunk);
        return;
      }
      // The rest is thrown away unread while the answer is on its way; requestTimeout bounds it.
      settle(() => reject(new PayloadTooLarge(limit)));
      request.resume();
    };
    const onEnd = (): void => {
      settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)));
    };
    const onBroken = (): void => settle(() => reject(new BadRequest('The request body did not arrive whole')));
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}

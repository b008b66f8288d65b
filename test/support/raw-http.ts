import { once } from 'node:events';
import { connect } from 'node:net';

/** What came back over a raw socket. */
export interface RawAnswer {
  /** 0 when the server closed without an answer. */
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Until the first byte of the answer. */
  milliseconds: number;
}

/**
 * Write bytes to a socket and read until the server closes: for what no HTTP client would send.
 * The bytes must ask for `Connection: close`.
 */
export async function sendRaw(base: string, bytes: Uint8Array | string, timeoutMs = 5_000): Promise<RawAnswer> {
  const { milliseconds, text } = await sentAndAnswered(base, bytes, timeoutMs);
  return parse(text, milliseconds);
}

/** As {@link sendRaw}, and all that came back as it came: for several answers on one connection. */
export async function rawText(base: string, bytes: Uint8Array | string, timeoutMs = 5_000): Promise<string> {
  return (await sentAndAnswered(base, bytes, timeoutMs)).text;
}

async function sentAndAnswered(
  base: string,
  bytes: Uint8Array | string,
  timeoutMs: number,
): Promise<{ text: string; milliseconds: number }> {
  const { hostname, port } = new URL(base);
  const began = performance.now();
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  let answeredAt: number | undefined;
  socket.on('data', (chunk: Buffer) => {
    answeredAt ??= performance.now();
    chunks.push(chunk);
  });
  // A server that refuses a large body early resets the connection while we still write.
  socket.on('error', () => undefined);
  socket.setTimeout(timeoutMs, () => socket.destroy());
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  socket.write(bytes);
  if (!socket.destroyed) await new Promise((closed) => socket.once('close', closed));
  return { text: Buffer.concat(chunks).toString('utf8'), milliseconds: (answeredAt ?? performance.now()) - began };
}

/** The bytes of a request with `Content-Length` and `Connection: close`. */
export function rawRequest(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Uint8Array = new Uint8Array(),
): Buffer {
  const all = { Host: 'localhost', Connection: 'close', 'Content-Length': String(body.length), ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}

function parse(text: string, milliseconds: number): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, end === -1 ? 0 : end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.split(':')[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]),
  );
  const raw = end === -1 ? '' : text.slice(end + 4);
  const body = headers['transfer-encoding'] === 'chunked' ? unchunk(raw) : raw;
  return { status: Number(first.split(' ')[1] ?? 0), headers, body, milliseconds };
}

function unchunk(raw: string): string {
  const size = Number.parseInt(raw, 16);
  if (!(size > 0)) return '';
  const start = raw.indexOf('\r\n') + 2;
  return raw.slice(start, start + size) + unchunk(raw.slice(start + size + 2));
}

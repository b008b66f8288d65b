import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Frames of RFC 6455 §5.5 and §11.8, by opcode. */
export const OPCODE = { continuation: 0, text: 1, ping: 9, pong: 10 } as const;

const KNOCK_MS = 100;

/** A frame as a client sends it, under a mask of zeros; at most 125 bytes. */
export function frameOf(opcode: number, text: string, isLast = true): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** `count` text frames, each a packet of Engine.IO. */
export function packets(packet: string, count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => frameOf(OPCODE.text, packet)));
}

/** A WebSocket without a library: it sends what it is told, answers nothing, and closes nothing. */
export interface RawSocket {
  readonly socket: Socket;
  /** Status of the answer to the upgrade; 0 when the server closed without one. */
  readonly status: number;
  /** Resolves with the milliseconds from the upgrade until the server let go of the connection entirely. */
  readonly gone: Promise<number>;
}

/** Connect, and ask for a WebSocket at the sockets of `base`. */
export async function askForWebSocket(
  base: string,
  query: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Socket> {
  const { hostname, port } = new URL(base);
  // Only a server that closes its own side too makes writing fail.
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const all = {
    Host: hostname,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const path = `/socket.io/?${new URLSearchParams({ EIO: '4', transport: 'websocket', ...query }).toString()}`;
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

/** {@link askForWebSocket}, and wait for the answer. */
export async function openRaw(...asked: Parameters<typeof askForWebSocket>): Promise<RawSocket> {
  const socket = await askForWebSocket(...asked);
  const began = performance.now();
  // `once` would reject with the error of a connection that is broken off, which is what is waited for here.
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const answer = new Promise<Buffer>((resolve) => socket.once('data', resolve));
  const first = await Promise.race([answer, closed.then(() => Buffer.from(''))]);
  socket.resume();
  // Unasked pongs are allowed and answered by nothing (RFC 6455 §5.5.3): they fail where nobody is left to take them.
  const knock = setInterval(() => socket.write(frameOf(OPCODE.pong, '')), KNOCK_MS);
  const gone = closed.then(() => performance.now() - began).finally(() => clearInterval(knock));
  return { socket, status: Number(first.toString('latin1').split(' ')[1] ?? 0), gone };
}

/** A session of long polling. */
export async function openPolling(base: string, headers: Record<string, string> = {}): Promise<PollingSession> {
  const url = `${base}/socket.io/?EIO=4&transport=polling`;
  const answer = await fetch(url, { headers });
  const text = await answer.text();
  // The server's own first packet: `0` and a JSON object with the session's id.
  const sid = answer.ok ? (JSON.parse(text.slice(1)) as { sid: string }).sid : '';
  return {
    sid,
    answer,
    text,
    post: (body) => fetch(`${url}&sid=${sid}`, { method: 'POST', headers, body }),
    poll: () => fetch(`${url}&sid=${sid}`, { headers }),
  };
}

/** What can be done with a session of long polling. */
export interface PollingSession {
  readonly sid: string;
  /** The answer to the handshake, and its body. */
  readonly answer: Response;
  readonly text: string;
  post(body: string): Promise<Response>;
  poll(): Promise<Response>;
}

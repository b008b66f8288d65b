import { type IncomingMessage } from 'node:http';
import { type Duplex } from 'node:stream';
import { type WebSocket, type WebSocketServerClass } from './engine';
import { SOCKET_LIMITS } from './limits';

/** Options of the package ws that Engine.IO leaves at their defaults. */
const BOUNDS = {
  /** A peer that does not answer the closing handshake; by default it stays for 30 s. */
  closeTimeout: SOCKET_LIMITS.lingerMs,
  /** One message a turn of the event loop: a chunk of 64 KiB holds eight thousand small frames, and others wait. */
  allowSynchronousEvents: false,
  /** A pong is ours to send: the package would go on answering pings after the end of the connection. */
  autoPong: false,
  /** Empty fragments are no message and no bytes of one: nothing else counts them. */
  maxFragments: SOCKET_LIMITS.fragments,
};

/** Called for every WebSocket before its first frame is read; what it answers is called for each frame. */
export type Opened = (webSocket: WebSocket, request: IncomingMessage) => () => void;

/** The WebSocket server `Base` within {@link BOUNDS}; `opened` sees also those that Engine.IO goes on to refuse. */
export function boundedWebSockets(Base: WebSocketServerClass, opened: Opened): WebSocketServerClass {
  return class BoundedWebSocketServer extends Base {
    constructor(options: object) {
      super({ ...options, ...BOUNDS });
    }

    override handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      done: (webSocket: WebSocket, request: IncomingMessage) => void,
    ): void {
      super.handleUpgrade(request, socket, head, (webSocket) => {
        watch(webSocket, opened(webSocket, request));
        done(webSocket, request);
      });
    }
  };
}

function watch(webSocket: WebSocket, count: () => void): void {
  webSocket.on('message', count).on('pong', count);
  webSocket.on('ping', (data) => {
    count();
    webSocket.pong(data);
  });
  // Who breaks the protocol is told so by the close. Until then the package would go on reading, and throw it away.
  webSocket.on('error', () => setImmediate(() => webSocket.pause()));
}

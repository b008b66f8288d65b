import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Duplex } from 'node:stream';
import { type Socket } from 'socket.io';

/** A connection of Engine.IO, which a Socket.IO socket stands on: a long-polling session or a WebSocket. */
export type Connection = Socket['conn'];

/** What of a WebSocket (of the package ws) is used here. */
export interface WebSocket {
  on(event: 'message' | 'ping' | 'pong' | 'error', listener: (data: Buffer) => void): this;
  removeAllListeners(event: 'message' | 'ping' | 'pong'): this;
  pong(data: Buffer): void;
  /** Read nothing more from the network. */
  pause(): void;
  /** Close at once, without the closing handshake. */
  terminate(): void;
}

/** What of the server of the package ws is used here. */
export interface WebSocketServer {
  handleUpgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    done: (webSocket: WebSocket, request: IncomingMessage) => void,
  ): void;
}

/** The option `wsEngine` of Engine.IO, by default the server of the package ws. */
export type WebSocketServerClass = new (options: object) => WebSocketServer;

/** A request after Engine.IO has read its query. */
export type EngineRequest = IncomingMessage & { readonly _query: Readonly<Record<string, string>> };

/** Runs before Engine.IO looks at a request; of an upgrade the response only collects headers. */
export type EngineStep = (request: EngineRequest, response: ServerResponse, next: () => void) => void;

/** What of Engine.IO's server is used here; its own type says less. */
export interface Engine {
  readonly opts: { wsEngine: WebSocketServerClass };
  /** Connections by their id, which clients of long polling send as `sid`. */
  readonly clients: Readonly<Record<string, Connection>>;
  use(step: EngineStep): void;
  on(event: 'connection', listener: (connection: Connection) => void): void;
}

/** The WebSocket that a transport of Engine.IO writes to; undefined for long polling. */
export function webSocketOf(transport: Connection['transport']): WebSocket | undefined {
  // Engine.IO types the transports of a connection as their common part.
  return (transport as { socket?: WebSocket }).socket;
}

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

function fatal(code: string, text: string): Buffer {
  return message('E', Buffer.from(`SFATAL\0C${code}\0M${text}\0\0`));
}

const WELCOME = [message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))];

/** A PostgreSQL that says one thing to everybody, and closes. */
export class PostgresStub {
  /** How many were answered. */
  asked = 0;

  private constructor(private readonly server: Server) {}

  /** Opens a session and ends it in the same packet, as a server does whose sessions are being terminated. */
  static ending(): Promise<PostgresStub> {
    const farewell = fatal('57P01', 'terminating connection due to administrator command');
    return PostgresStub.saying(Buffer.concat([...WELCOME, farewell]));
  }

  /** Lets nobody in. */
  static refusing(code: string, text: string): Promise<PostgresStub> {
    return PostgresStub.saying(fatal(code, text));
  }

  private static async saying(answer: Buffer): Promise<PostgresStub> {
    const server = createServer();
    const stub = new PostgresStub(server);
    server.on('connection', (socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => {
        stub.asked += 1;
        socket.end(answer);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return stub;
  }

  get url(): string {
    return `postgres://app@127.0.0.1:${(this.server.address() as AddressInfo).port}/app`;
  }

  async stop(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }
}

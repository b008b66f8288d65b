import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** `pass` forwards; `refuse` closes every connection at once; `freeze` keeps them open and lets nothing through. */
export type GateMode = 'pass' | 'refuse' | 'freeze';

/** A TCP relay in front of a server that a test wants to lose, and to get back, without touching the server. */
export class TcpGate {
  private mode: GateMode = 'pass';
  private readonly pairs = new Set<readonly [Socket, Socket]>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** Open a gate on a free port before `url`. */
  static async before(url: string): Promise<TcpGate> {
    const server = createServer();
    const gate = new TcpGate(server, new URL(url));
    server.on('connection', (client) => gate.admit(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return gate;
  }

  /** The server's address with this gate in its way. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.toString();
  }

  /** Change what happens to bytes from now on. */
  set(mode: GateMode): void {
    this.mode = mode;
    for (const sockets of this.pairs) {
      for (const socket of sockets) {
        if (mode === 'refuse') socket.destroy();
        else if (mode === 'freeze') socket.pause();
        else socket.resume();
      }
    }
  }

  /** Close the gate and all that passes it. */
  async close(): Promise<void> {
    for (const [client, server] of this.pairs) {
      client.destroy();
      server.destroy();
    }
    this.server.close();
    await once(this.server, 'close');
  }

  private admit(client: Socket): void {
    if (this.mode === 'refuse') {
      client.destroy();
      return;
    }
    const server = connect(Number(this.target.port || 6379), this.target.hostname);
    const pair = [client, server] as const;
    this.pairs.add(pair);
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        this.pairs.delete(pair);
      });
      if (this.mode === 'freeze') from.pause();
    }
  }
}

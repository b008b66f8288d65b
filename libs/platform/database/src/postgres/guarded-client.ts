import { Client } from 'pg';

/**
 * A connection whose loss never ends the process. node-postgres emits `error` when the server goes away, and Node throws
 * an `error` that nobody listens for; pg-pool, TypeORM and BullMQ each leave moments without a listener: between the end
 * of the handshake and the holder's first `on`, and after `removeAllListeners`. A server that ends a connection as it
 * begins sends both in one packet, so such a moment needs no bad luck.
 */
export class GuardedClient extends Client {
  private lost?: Error;

  override emit(event: string | symbol, ...values: unknown[]): boolean {
    if (event !== 'error') return super.emit(event, ...values);
    // Whoever uses the connection next hears of it: it answers no query any more.
    this.lost ??= values[0] instanceof Error ? values[0] : new Error(String(values[0]));
    return this.listenerCount('error') > 0 && super.emit(event, ...values);
  }

  override connect(): Promise<Client>;
  override connect(callback: ((error: Error) => void) | ((error: null, client: Client) => void)): void;
  /** @throws Error also when the connection ended in the packet that opened it: who listens from here on hears nothing */
  override connect(callback?: ((error: Error) => void) | ((error: null, client: Client) => void)) {
    return callback ? super.connect(callback) : this.connectAlive();
  }

  private async connectAlive(): Promise<Client> {
    await super.connect();
    if (this.lost) throw this.lost;
    return this;
  }
}

import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { RedisConnections } from '@platform/cache';
import { Log } from '@platform/observability';
import { createAdapter } from '@socket.io/redis-adapter';
import { type Redis } from 'ioredis';
import { type Namespace, Server } from 'socket.io';

type AdapterFactory = ReturnType<typeof createAdapter>;

/** A callback in the style of node: the adapter asks so. */
type Answered = (error: Error | null, answer?: unknown) => void;

const PROOF_MS = 15_000;
const ANSWER_MS = 1_000;

/**
 * Carries frames between processes. The adapter of Socket.IO leaves the promises of its commands alone, and an
 * ioredis command that fails would end the process: so it gets the few methods that it uses, with the failures handled.
 * A frame for which there is no Redis is lost, as promised nowhere.
 */
@Injectable()
export class RedisRelay implements OnModuleDestroy {
  private readonly log = Log.for('realtime');
  private subscriber?: Redis;
  private proof?: NodeJS.Timeout;
  private losing = false;

  constructor(private readonly redis: RedisConnections) {}

  /** Whether there are other processes to reach. */
  get available(): boolean {
    return this.redis.configured;
  }

  /** For a process that holds sockets: sends, and receives from the others. */
  adapter(): AdapterFactory {
    this.subscriber = this.redis.dedicated('sockets', {
      // Subscriptions asked for while Redis is away are made when it is back.
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      commandTimeout: undefined,
    });
    this.proof = setInterval(() => void this.prove(), PROOF_MS);
    this.proof.unref();
    return this.between(this.receiving());
  }

  /** For a process without sockets: a namespace of which nobody is a member here, but elsewhere. */
  sender(name: string): Namespace {
    const deaf = { psubscribe: ignored, subscribe: ignored, punsubscribe: ignored, unsubscribe: ignored };
    const server = new Server({ adapter: this.between({ ...deaf, on: ignored, off: ignored }) });
    return server.of(name);
  }

  onModuleDestroy(): void {
    clearInterval(this.proof);
  }

  private between(subscriber: object): AdapterFactory {
    const options = { key: this.redis.key('sockets'), requestsTimeout: ANSWER_MS };
    return createAdapter(this.sending(), subscriber, options);
  }

  private sending(): object {
    return {
      publish: (channel: string, message: string | Buffer) => void this.publish(channel, message),
      // Only PUBSUB NUMSUB, to know how many answers to wait for.
      send_command: (command: string, parameters: string[], done: Answered) => void this.ask(command, parameters, done),
      on: ignored,
      off: ignored,
    };
  }

  private receiving(): object {
    const { subscriber } = this;
    if (!subscriber) throw new Error('RedisRelay.adapter() needs REDIS_URL: ask `available` first');
    const quiet = (work: Promise<unknown>) =>
      void work.catch((error: unknown) => this.log.debug('Subscription lost', { error }));
    return {
      psubscribe: (pattern: string) => quiet(subscriber.psubscribe(pattern)),
      subscribe: (channels: string[]) => quiet(subscriber.subscribe(...channels)),
      punsubscribe: (pattern: string) => quiet(subscriber.punsubscribe(pattern)),
      unsubscribe: (channels: string[]) => quiet(subscriber.unsubscribe(...channels)),
      // The adapter's own "error" listener only warns about a missing one; RedisConnections has one.
      on: (event: string, listener: () => void) => event !== 'error' && subscriber.on(event, listener),
      off: (event: string, listener: () => void) => event !== 'error' && subscriber.off(event, listener),
    };
  }

  private async ask(command: string, parameters: string[], done: Answered): Promise<void> {
    try {
      const client = this.redis.client();
      if (!client) throw new Error('Redis (REDIS_URL) is not connected');
      done(null, await client.call(command, ...parameters));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private async publish(channel: string, message: string | Buffer): Promise<void> {
    try {
      const client = this.redis.client();
      if (!client) throw new Error('Redis (REDIS_URL) is not connected');
      await client.publish(channel, message);
      if (this.losing) this.log.info('Frames reach the other processes again');
      this.losing = false;
    } catch (error) {
      if (!this.losing) this.log.warn('Frames do not reach the other processes', { error });
      this.losing = true;
    }
  }

  /** A frozen peer closes no connection: ask for a sign of life, and connect anew without one. */
  private async prove(): Promise<void> {
    const { subscriber } = this;
    if (subscriber?.status !== 'ready') return;
    const timer = setTimeout(() => subscriber.disconnect(true), ANSWER_MS);
    await subscriber.ping().catch(() => undefined);
    clearTimeout(timer);
  }
}

function ignored(): void {}

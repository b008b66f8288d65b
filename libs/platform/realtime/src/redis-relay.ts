import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { RedisConnections } from '@platform/cache';
import { Log } from '@platform/observability';
import { createAdapter } from '@socket.io/redis-adapter';
import { type Redis } from 'ioredis';
import { type Namespace, Server } from 'socket.io';

type AdapterFactory = ReturnType<typeof createAdapter>;

/** A callback in the style of node: the adapter asks so. */
type Answered = (error: Error | null, answer?: unknown) => void;

/** What is refused when frames cannot be sent. */
const TELLING = 'sockets: tell';
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
  /** What the adapter listens to, to be asked for again by every new connection. */
  private readonly subscriptions = new Map<string, () => Promise<unknown>>();
  private proof?: NodeJS.Timeout;
  private losing = false;

  constructor(private readonly redis: RedisConnections) {}

  /** Whether there are other processes to reach. */
  get available(): boolean {
    return this.redis.configured;
  }

  /** For a process that holds sockets: sends, and receives from the others. */
  adapter(): AdapterFactory {
    // Subscribing again is done here, on every `ready`: ioredis leaves the promise alone, and a refusal would end the
    // process.
    this.subscriber = this.redis.dedicated('sockets', { autoResubscribe: false });
    this.subscriber?.on('ready', () => this.subscriptions.forEach((_, name) => void this.subscribe(name)));
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
    const everything = this.redis.key('*');
    const keep = (name: string, work: () => Promise<unknown>) => {
      this.subscriptions.set(name, work);
      if (subscriber.status === 'ready') void this.subscribe(name);
    };
    return {
      // Redis compares a pattern with the one that a user was granted letter by letter, so we ask for all of our names,
      // which users have anyway; the adapter looks at the names of the channels itself.
      psubscribe: () => keep(everything, () => subscriber.psubscribe(everything)),
      subscribe: (channels: string[]) => keep(channels.join(), () => subscriber.subscribe(...channels)),
      // Only asked for when the process ends, and its connections with it.
      punsubscribe: ignored,
      unsubscribe: ignored,
      // The adapter's own "error" listener only warns about a missing one; RedisConnections has one.
      on: (event: string, listener: () => void) => event !== 'error' && subscriber.on(event, listener),
      off: (event: string, listener: () => void) => event !== 'error' && subscriber.off(event, listener),
    };
  }

  private async subscribe(name: string): Promise<void> {
    const purpose = `sockets: hear ${name}`;
    try {
      await this.subscriptions.get(name)?.();
      this.redis.granted(purpose);
    } catch (error) {
      // Lost with its connection, a subscription is made by the next one.
      const refused = this.redis.refused(purpose, error, () => void this.subscribe(name));
      if (!refused) this.log.debug('Subscription lost', { error });
    }
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
      if (!this.losing) return;
      this.losing = false;
      this.redis.granted(TELLING);
      this.log.info('Frames reach the other processes again');
    } catch (error) {
      const refused = this.redis.refused(TELLING, error);
      if (!refused && !this.losing) this.log.warn('Frames do not reach the other processes', { error });
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

import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { type Redis } from 'ioredis';
import { RedisConnections } from './redis-connections';

/** The news that copies are no longer true: of a key, of all with a tag, or of everything. */
export interface Invalidation {
  readonly kind: 'key' | 'tag' | 'all';
  readonly name: string;
}

/** What {@link RedisConnections} is told is refused. */
const HEARING = 'cache-invalidations: hear';
const TELLING = 'cache-invalidations: tell';

const EVERYTHING: Invalidation = Object.freeze({ kind: 'all', name: '' });

/** Milliseconds between two proofs that the subscription lives: a frozen peer closes no socket. */
const HEARTBEAT_MS = 500;

/** Carries invalidations to every process through Redis, and knows when it cannot. Without Redis there is nobody to tell. */
@Injectable()
export class InvalidationChannel implements OnModuleDestroy {
  private readonly logger = new Logger('CacheInvalidations');
  private readonly origin = randomUUID();
  private readonly name: string;
  private readonly listeners: ((invalidation: Invalidation) => void)[] = [];
  private readonly subscriber?: Redis;
  private readonly heartbeat?: NodeJS.Timeout;
  private subscribed = false;
  private proving = false;
  private stopped = false;
  /** An invalidation could not be sent: the others are told to forget everything as soon as they can be. */
  private unsent = false;

  constructor(private readonly connections: RedisConnections) {
    this.name = connections.key('cache', 'invalidations');
    // Subscribing again is done here, on every `ready`, because its success must be known.
    this.subscriber = connections.dedicated('cache-invalidations', { autoResubscribe: false });
    if (!this.subscriber) return;
    this.subscriber.on('ready', () => void this.subscribe());
    this.subscriber.on('close', () => this.goDeaf());
    this.subscriber.on('message', (_channel: string, message: string) => this.receive(message));
    this.heartbeat = setInterval(() => void this.prove(), HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  /** Whether invalidations of other processes arrive; always so without Redis, where there are none. */
  get listening(): boolean {
    return !this.subscriber || this.subscribed;
  }

  /** Hear of the invalidations of other processes. */
  onInvalidation(listener: (invalidation: Invalidation) => void): void {
    this.listeners.push(listener);
  }

  /** Tell the other processes. Never waits and never throws; what is lost becomes "everything" once Redis is back. */
  publish(invalidation: Invalidation): void {
    if (this.subscriber) void this.send(invalidation);
  }

  /** Stop proving; the connections are closed by {@link RedisConnections}. */
  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.heartbeat);
  }

  private async send(invalidation: Invalidation): Promise<void> {
    try {
      const client = this.connections.client();
      if (!client) throw new Error('Redis is not connected');
      await client.publish(this.name, JSON.stringify({ origin: this.origin, ...invalidation }));
      this.connections.granted(TELLING);
      if (invalidation.kind === 'all') this.unsent = false;
    } catch (error) {
      this.unsent = true;
      this.connections.refused(TELLING, error, () => void this.send(EVERYTHING));
    }
  }

  private receive(message: string): void {
    let news: Partial<Invalidation> & { origin?: string };
    try {
      news = JSON.parse(message) as typeof news;
    } catch {
      this.logger.warn(`Ignored a message on ${this.name} that is not JSON: another program writes there`);
      return;
    }
    if (news.origin === this.origin || !news.kind) return;
    this.tell({ kind: news.kind, name: String(news.name) });
  }

  private async subscribe(): Promise<void> {
    try {
      await this.subscriber?.subscribe(this.name);
      // What was invalidated while nobody listened is unknown: begin empty.
      this.tell(EVERYTHING);
      this.subscribed = true;
      this.connections.granted(HEARING);
    } catch (error) {
      if (!this.connections.refused(HEARING, error, () => void this.subscribe())) this.reconnect();
    }
  }

  private goDeaf(): void {
    if (!this.subscribed) return;
    this.subscribed = false;
    this.tell(EVERYTHING);
  }

  private async prove(): Promise<void> {
    if (this.proving) return;
    this.proving = true;
    try {
      if (this.subscribed) await this.subscriber?.ping();
      if (this.unsent && !this.connections.refuses(TELLING)) await this.send(EVERYTHING);
    } catch {
      this.goDeaf();
      this.reconnect();
    } finally {
      this.proving = false;
    }
  }

  /** A connection that was closed with the process fails its last command too: it stays closed. */
  private reconnect(): void {
    if (!this.stopped) this.subscriber?.disconnect(true);
  }

  private tell(invalidation: Invalidation): void {
    for (const listener of this.listeners) listener(invalidation);
  }
}

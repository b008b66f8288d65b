import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Redis, type RedisOptions } from 'ioredis';
import { CacheConfig } from './cache.config';

/** Longest wait for a connection or an answer, milliseconds. */
const TIMEOUT_MS = 1_000;

/** The process's connections to Redis: shared, quick to fail, slow to give up. */
@Injectable()
export class RedisConnections implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Redis');
  private readonly shared?: Redis;
  private readonly open: Redis[] = [];
  private policyFinding?: string;

  constructor(
    private readonly core: CoreConfig,
    private readonly config: CacheConfig,
  ) {
    this.shared = this.dedicated('shared');
    this.shared?.on('ready', () => void this.checkPolicy());
  }

  /** Whether `REDIS_URL` is set. */
  get configured(): boolean {
    return this.core.redisUrl !== undefined;
  }

  /** What is wrong with the server's settings, if anything: shown by readiness. */
  get finding(): string | undefined {
    return this.policyFinding;
  }

  /** The shared connection; undefined when `REDIS_URL` is unset or the connection is not ready. Ask each time. */
  client(): Redis | undefined {
    return this.shared?.status === 'ready' ? this.shared : undefined;
  }

  /** Connections that are up now; for metrics. */
  get openCount(): number {
    return this.open.filter((connection) => connection.status === 'ready').length;
  }

  /** A key or channel in this installation's name space: `key('limit', …)` → `omnistack:limit:…`. */
  key(...parts: readonly string[]): string {
    return `${this.config.redisPrefix}:${parts.join(':')}`;
  }

  /**
   * A connection of one's own, for subscribing and blocking; undefined when `REDIS_URL` is unset. It reconnects by
   * itself and is closed with the process.
   * @param purpose its name in `CLIENT LIST`
   */
  dedicated(purpose: string, options: RedisOptions = {}): Redis | undefined {
    if (!this.core.redisUrl) return undefined;
    const connection = new Redis(this.core.redisUrl, {
      connectionName: `${this.config.redisPrefix}-${purpose}`,
      connectTimeout: TIMEOUT_MS,
      commandTimeout: TIMEOUT_MS,
      enableOfflineQueue: false,
      // A command whose connection broke may have been done: its caller decides, not the driver.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000),
      ...options,
    });
    this.open.push(connection);
    this.reportState(connection, purpose);
    return connection;
  }

  /** @throws Error when Redis is configured and does not answer within a second. */
  async ping(): Promise<void> {
    if (!this.shared) return;
    const client = this.client();
    if (!client) throw new Error('Redis (REDIS_URL) is not connected');
    await client.ping();
  }

  /** Give the connections up to a second, so that the first requests find them; boots without them all the same. */
  async onModuleInit(): Promise<void> {
    await Promise.all(this.open.map(settled));
  }

  /** Close every connection; what still waits for an answer is rejected. */
  onApplicationShutdown(): void {
    for (const connection of this.open) connection.disconnect();
  }

  /** Without an error listener ioredis would crash the process; without memory it would fill the log. */
  private reportState(connection: Redis, purpose: string): void {
    let away = false;
    connection.on('error', (error: Error) => {
      if (away) return;
      away = true;
      this.logger.warn(`Redis (${purpose}) is away: ${error.message || error.name}; trying again until it is back`);
    });
    connection.on('ready', () => {
      if (away) this.logger.log(`Redis (${purpose}) is back`);
      away = false;
    });
  }

  private async checkPolicy(): Promise<void> {
    try {
      const answer = await this.shared?.config('GET', 'maxmemory-policy');
      const policy = Array.isArray(answer) ? String(answer[1]) : undefined;
      this.policyFinding = policy === undefined ? undefined : evictionFinding(policy);
      if (this.policyFinding) this.logger.warn(this.policyFinding);
    } catch {
      // Hosted Redis often forbids CONFIG: then nobody can know, and a warning would be noise.
    }
  }
}

/** Ends when the connection is ready, has failed, or a second is over. */
function settled(connection: Redis): Promise<void> {
  if (connection.status === 'ready') return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, TIMEOUT_MS);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    connection.once('ready', end);
    connection.once('close', end);
  });
}

/** What is wrong with a `maxmemory-policy`, if anything. */
export function evictionFinding(policy: string): string | undefined {
  if (policy === 'noeviction') return undefined;
  return `Redis: maxmemory-policy is ${policy}; set it to noeviction, or waiting jobs are thrown away`;
}

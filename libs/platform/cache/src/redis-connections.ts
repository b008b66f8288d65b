import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Redis, type RedisOptions } from 'ioredis';
import { CacheConfig } from './cache.config';
import { isReadOnly, refusalOf, userOf } from './redis-refusal';

/** Longest wait for a connection or an answer, milliseconds. */
const TIMEOUT_MS = 1_000;

/** Pause before something that Redis refused is tried again, milliseconds: only a person ends a refusal. */
const REFUSED_PAUSE_MS = 10_000;

/** The process's connections to Redis: shared, quick to fail, slow to give up. */
@Injectable()
export class RedisConnections implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Redis');
  private readonly shared?: Redis;
  private readonly open: Redis[] = [];
  /** What is refused, by purpose. */
  private readonly refusals = new Map<string, string>();
  private readonly retries = new Map<string, NodeJS.Timeout>();
  private evicting?: string;

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

  /** What Redis refuses and how it is set up wrongly, each with its fix, if anything: for readiness. */
  get impairment(): string | undefined {
    const lines = new Set([...this.refusals.values(), ...(this.evicting ? [this.evicting] : [])]);
    return lines.size > 0 ? [...lines].join('; ') : undefined;
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
      // After a failover the name leads to the new primary: a connection to the old one must not be kept.
      reconnectOnError: isReadOnly,
      retryStrategy: (attempt) =>
        this.refusals.has(login(purpose)) ? REFUSED_PAUSE_MS : Math.min(50 * 2 ** Math.min(attempt, 6), 2_000),
      ...options,
    });
    this.open.push(connection);
    this.reportState(connection, purpose);
    return connection;
  }

  /**
   * Tell that something failed. Answers whether Redis refuses it until somebody changes Redis or REDIS_URL: that is
   * logged once and shown by readiness until {@link granted}, and trying again at once is of no use.
   * @param purpose what failed; every purpose is granted for itself
   * @param again tries it once more, in ten seconds
   */
  refused(purpose: string, error: unknown, again?: () => void): boolean {
    const refusal = refusalOf(error, { user: userOf(this.core.redisUrl ?? ''), names: this.key('*') });
    if (refusal === undefined) return false;
    const known = [...this.refusals.values()].includes(refusal);
    this.refusals.set(purpose, refusal);
    if (!known) this.logger.error(refusal);
    clearTimeout(this.retries.get(purpose));
    if (again) this.retries.set(purpose, setTimeout(again, REFUSED_PAUSE_MS).unref());
    return true;
  }

  /** Whether this purpose, or the connection made for it, is refused. */
  refuses(purpose: string): boolean {
    return this.refusals.has(purpose) || this.refusals.has(login(purpose));
  }

  /** Tell that it works. */
  granted(purpose: string): void {
    if (this.refusals.delete(purpose) && this.refusals.size === 0) this.logger.log('Redis refuses nothing any more');
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
    this.retries.forEach((retry) => clearTimeout(retry));
    for (const connection of this.open) connection.disconnect();
  }

  /** Without an error listener ioredis would crash the process; without memory it would fill the log. */
  private reportState(connection: Redis, purpose: string): void {
    let away = false;
    connection.on('error', (error: Error) => {
      if (this.refused(login(purpose), error)) {
        // It would go on in database 0, which may be another system's, if it was the database that was refused.
        connection.disconnect(true);
        return;
      }
      // What follows from a refusal is no news.
      if (away || this.refuses(purpose)) return;
      away = true;
      this.logger.warn(`Redis (${purpose}) is away: ${error.message || error.name}; trying again until it is back`);
    });
    connection.on('ready', () => {
      this.granted(login(purpose));
      if (away) this.logger.log(`Redis (${purpose}) is back`);
      away = false;
    });
  }

  private async checkPolicy(): Promise<void> {
    try {
      const answer = await this.shared?.config('GET', 'maxmemory-policy');
      const policy = Array.isArray(answer) ? String(answer[1]) : undefined;
      this.evicting = policy === undefined ? undefined : evictionProblem(policy);
      if (this.evicting) this.logger.warn(this.evicting);
    } catch {
      // Hosted Redis often forbids CONFIG: then nobody can know, and a warning would be noise.
    }
  }
}

/** The purpose under which a connection itself is refused, apart from its commands. */
function login(purpose: string): string {
  return `${purpose}: login`;
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
export function evictionProblem(policy: string): string | undefined {
  if (policy === 'noeviction') return undefined;
  return `Redis: maxmemory-policy is ${policy}; set it to noeviction, or waiting jobs are thrown away`;
}

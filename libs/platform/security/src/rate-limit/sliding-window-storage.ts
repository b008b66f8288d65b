import { Injectable, Logger } from '@nestjs/common';
import { type ThrottlerStorage } from '@nestjs/throttler';
import { RedisConnections } from '@platform/cache';
import { Clock } from '@platform/kernel';
import { type Redis } from 'ioredis';
import { RateLimitConfig } from './rate-limit.config';
import { takeInRedis } from './redis-sliding-windows';
import { SlidingWindows, type WindowCount, type WindowLimit } from './sliding-windows';

/** Longest wait for Redis, milliseconds: a request must not pay for its limiter's trouble. */
const TIMEOUT_MS = 500;
/** After a failure Redis is left alone this long, milliseconds; then one call tries it again. */
const PAUSE_MS = 2_000;

/** What `@nestjs/throttler` wants to know of a call; times in seconds. */
type ThrottlerRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Whom a call counts for, under which policy and limit. */
export interface SubjectWindow extends WindowLimit {
  readonly policy: string;
  readonly subject: string;
}

/**
 * Counts calls in sliding windows: in Redis when it is there, so that the limit holds across processes, else in
 * bounded memory. It is also the storage of `@nestjs/throttler`, for those who use that guard on routes of their own.
 */
@Injectable()
export class SlidingWindowStorage implements ThrottlerStorage {
  private readonly logger = new Logger('RateLimiter');
  private readonly tables = new Map<string, Map<number, SlidingWindows>>();
  private readonly redis?: Redis;
  private failing = false;
  private leaveAloneUntil = 0;

  constructor(
    private readonly config: RateLimitConfig,
    private readonly connections: RedisConnections,
    private readonly clock: Clock,
  ) {
    this.redis = connections.dedicated('rate-limit', { commandTimeout: TIMEOUT_MS });
  }

  /**
   * Count one call of `subject` under `policy` unless its limit is reached; with `counting` false only look.
   * Answers without waiting when it counts in memory.
   */
  take(
    policy: string,
    subject: string,
    limit: number,
    windowMs: number,
    counting = true,
  ): WindowCount | Promise<WindowCount> {
    const redis = this.reachableRedis();
    if (!redis) return this.table(policy, windowMs).take(subject, limit, this.milliseconds(), counting);
    return this.takeShared(redis, [{ policy, subject, limit, windowMs }], counting).then(
      // One window, one count.
      ([count]) => count as WindowCount,
    );
  }

  /**
   * Count one call under all these windows, or under none when one of them is at its limit. In memory the counts stop
   * at the first that refuses.
   */
  takeAll(windows: readonly SubjectWindow[]): WindowCount[] | Promise<WindowCount[]> {
    const redis = this.reachableRedis();
    return redis ? this.takeShared(redis, windows, true) : this.takeHere(windows, true);
  }

  /** The contract of `@nestjs/throttler`. `blockDuration` is not used: refused calls never prolong a refusal. */
  async increment(
    key: string,
    ttl: number,
    limit: number,
    _blockDuration: number,
    throttlerName: string,
  ): Promise<ThrottlerRecord> {
    const count = await this.take(`throttler-${throttlerName}`, key, limit, ttl);
    const seconds = Math.ceil(count.freeInMs / 1_000);
    return {
      totalHits: count.allowed ? count.used : count.used + 1,
      timeToExpire: seconds,
      isBlocked: !count.allowed,
      timeToBlockExpire: count.allowed ? 0 : seconds,
    };
  }

  /** Undefined without Redis and while it is left alone. */
  private reachableRedis(): Redis | undefined {
    const now = this.milliseconds();
    if (!this.redis || now < this.leaveAloneUntil) return undefined;
    // While it fails, only the call that finds the pause over tries it; the others do not wait for the outcome.
    if (this.failing) this.leaveAloneUntil = now + PAUSE_MS;
    return this.redis;
  }

  private async takeShared(redis: Redis, windows: readonly SubjectWindow[], counting: boolean): Promise<WindowCount[]> {
    try {
      const keyed = windows.map(({ limit, policy, subject, windowMs }) => ({
        key: this.connections.key('limit', policy, subject),
        limit,
        windowMs,
      }));
      const counts = await takeInRedis(redis, keyed, counting);
      this.works();
      return counts;
    } catch (error) {
      this.failed(error as Error);
      return this.takeHere(windows, counting);
    }
  }

  private takeHere(windows: readonly SubjectWindow[], counting: boolean): WindowCount[] {
    const now = this.milliseconds();
    const counts: WindowCount[] = [];
    for (const { limit, policy, subject, windowMs } of windows) {
      const count = this.table(policy, windowMs).take(subject, limit, now, counting);
      counts.push(count);
      if (count.allowed) continue;
      for (const earlier of windows.slice(0, counts.length - 1)) {
        this.table(earlier.policy, earlier.windowMs).giveBack(earlier.subject);
      }
      break;
    }
    return counts;
  }

  private works(): void {
    if (!this.failing) return;
    this.failing = false;
    this.leaveAloneUntil = 0;
    this.logger.log('Redis answers again: limits hold across processes');
  }

  private failed(error: Error): void {
    this.leaveAloneUntil = this.milliseconds() + PAUSE_MS;
    if (this.failing) return;
    this.failing = true;
    this.logger.warn(`Redis does not answer (${error.message}): each process limits on its own until it does`);
  }

  private milliseconds(): number {
    return this.clock.now().getTime();
  }

  /** One table per policy and length, so that a flood under one policy pushes nobody out of another. */
  private table(policy: string, windowMs: number): SlidingWindows {
    // Two lookups rather than one under a composed name: composing it would cost more than the counting.
    return this.tables.get(policy)?.get(windowMs) ?? this.addTable(policy, windowMs);
  }

  private addTable(policy: string, windowMs: number): SlidingWindows {
    const table = new SlidingWindows(windowMs, this.config.memoryKeys);
    const lengths = this.tables.get(policy);
    if (lengths) lengths.set(windowMs, table);
    else this.tables.set(policy, new Map([[windowMs, table]]));
    return table;
  }
}

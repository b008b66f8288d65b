import { Injectable } from '@nestjs/common';
import { Database } from '@platform/database';
import { Clock } from '@platform/kernel';
import { type Invalidation, InvalidationChannel } from './invalidation-channel';
import { CacheConfig } from './cache.config';
import { LocalStore } from './local-store';

/** One computation that every caller of the key waits for. `stale`: invalidated meanwhile, so its result is not kept. */
interface Flight {
  promise: Promise<unknown>;
  readonly tags: readonly string[];
  stale: boolean;
}

const NO_TAGS: readonly string[] = Object.freeze([]);
const NOT_YET: Promise<unknown> = Promise.resolve();

/** While invalidations cannot arrive, nothing is kept longer (milliseconds): the age that the cache promises. */
export const LONGEST_STALENESS_MS = 2_000;

/** Get-or-compute on local copies: single flight, time to live, tags, bounded; invalidated in every process at once. */
@Injectable()
export class Cache {
  private readonly store: LocalStore;
  private readonly flights = new Map<string, Flight>();

  constructor(
    config: CacheConfig,
    private readonly clock: Clock,
    private readonly channel: InvalidationChannel,
    private readonly database: Database,
  ) {
    this.store = new LocalStore(config.maxEntries);
    channel.onInvalidation((invalidation) => this.apply(invalidation));
  }

  /**
   * The kept value, or what `compute` gives; callers that miss together share one computation. The same object goes
   * to all: never change it. A failure is passed to those who wait and not kept. Inside a transaction a miss is
   * computed for the caller alone.
   * @param ttlMs milliseconds, at most; shortened to two seconds while invalidations cannot arrive
   */
  getOrCompute<T>(
    key: string,
    ttlMs: number,
    compute: () => Promise<T>,
    options?: { readonly tags?: readonly string[] },
  ): Promise<T> {
    const found = this.store.find(key, this.clock.now().getTime());
    // Only this method writes under the key, and one key has one type: the caller's.
    if (found) return Promise.resolve(found.value as T);
    if (this.database.inTransaction) return compute();
    const flying = this.flights.get(key)?.promise ?? this.takeOff(key, ttlMs, compute, options?.tags ?? NO_TAGS);
    return flying as Promise<T>;
  }

  /** The kept value without waiting, or undefined. */
  get<T>(key: string): T | undefined {
    return this.store.find(key, this.clock.now().getTime())?.value as T | undefined;
  }

  /** Forget one key in every process: at once here, and after the commit of the running transaction everywhere. */
  invalidate(key: string): void {
    this.announce({ kind: 'key', name: key });
  }

  /** Forget everything that carries the tag, as {@link invalidate}. */
  invalidateTag(tag: string): void {
    this.announce({ kind: 'tag', name: tag });
  }

  /** Values kept in this process. */
  get size(): number {
    return this.store.size;
  }

  private announce(invalidation: Invalidation): void {
    this.apply(invalidation);
    this.database.afterCommit(() => {
      // Between the first invalidation and the commit others may have kept the old value again.
      this.apply(invalidation);
      this.channel.publish(invalidation);
    });
  }

  private takeOff(key: string, ttlMs: number, compute: () => Promise<unknown>, tags: readonly string[]) {
    const flight: Flight = { promise: NOT_YET, tags, stale: false };
    // On the board before it flies: a computation that fails at once must find itself there to be taken off.
    this.flights.set(key, flight);
    flight.promise = this.fly(key, flight, ttlMs, compute);
    return flight.promise;
  }

  private async fly(key: string, flight: Flight, ttlMs: number, compute: () => Promise<unknown>): Promise<unknown> {
    try {
      const startedAt = this.clock.now().getTime();
      const value = await compute();
      const ttl = this.channel.listening ? ttlMs : Math.min(ttlMs, LONGEST_STALENESS_MS);
      if (!flight.stale) this.store.set(key, value, startedAt, ttl, flight.tags);
      return value;
    } finally {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    }
  }

  private apply(invalidation: Invalidation): void {
    if (invalidation.kind === 'key') this.store.delete(invalidation.name);
    else if (invalidation.kind === 'tag') this.store.deleteTag(invalidation.name);
    else this.store.clear();
    for (const [key, flight] of this.flights) {
      if (invalidation.kind === 'key' && key !== invalidation.name) continue;
      if (invalidation.kind === 'tag' && !flight.tags.includes(invalidation.name)) continue;
      // Who asks from now on must not be given what was read before the change.
      flight.stale = true;
      this.flights.delete(key);
    }
  }
}

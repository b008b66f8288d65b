import { randomBytes } from 'node:crypto';
import { CoreConfig, LoadedSettings } from '@platform/config';
import { type Database } from '@platform/database';
import { SystemClock } from '@platform/kernel';
import { InvalidationChannel, Cache, CacheConfig, RedisConnections } from '@platform/cache';

/** A name space of one test file in the shared Redis. */
export const prefix = `test-${randomBytes(6).toString('hex')}`;

/** What one process has of this lib. */
export interface CacheProcess {
  readonly connections: RedisConnections;
  readonly channel: InvalidationChannel;
  readonly cache: Cache;
  stop(): void;
}

/** The parts of a process, wired by hand, as the module would. */
export async function startProcess(url: string): Promise<CacheProcess> {
  const loaded = LoadedSettings.load([CoreConfig, CacheConfig], {
    REDIS_URL: url,
    REDIS_PREFIX: prefix,
    SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
  });
  const connections = new RedisConnections(loaded.get(CoreConfig), loaded.get(CacheConfig));
  const channel = new InvalidationChannel(connections);
  // No transaction is open here, so a commit is always over.
  const database = { inTransaction: false, afterCommit: (action: () => void) => action() } as unknown as Database;
  const cache = new Cache(loaded.get(CacheConfig), new SystemClock(), channel, database);
  await connections.onModuleInit();
  return {
    connections,
    channel,
    cache,
    stop: () => {
      channel.onModuleDestroy();
      connections.onApplicationShutdown();
    },
  };
}

/** Milliseconds until `condition` holds. @throws Error when it does not within `limit`. */
export async function millisecondsUntil(condition: () => boolean, limit = 10_000): Promise<number> {
  const started = performance.now();
  while (!condition()) {
    if (performance.now() - started > limit) throw new Error(`It did not happen within ${limit} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return performance.now() - started;
}

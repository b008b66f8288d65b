export { type Invalidation, InvalidationChannel } from './invalidation-channel';
export { Cache, LONGEST_STALENESS_MS } from './cache';
export { CacheConfig } from './cache.config';
export { CacheModule } from './cache.module';
export { RedisConnections } from './redis-connections';
export { isReadOnly, type RedisAsker, refusalOf, userOf } from './redis-refusal';

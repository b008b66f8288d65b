import { Global, Module } from '@nestjs/common';
import { Domain } from '@platform/kernel';
import { InvalidationChannel } from './invalidation-channel';
import { Cache } from './cache';
import { CacheConfig } from './cache.config';
import { RedisConnections } from './redis-connections';

/** The cache and the road to Redis, for the whole process. Needs the database module beside it. */
@Global()
@Module({ providers: [RedisConnections, InvalidationChannel, Cache], exports: [RedisConnections, Cache] })
@Domain({ name: 'platform/cache', settings: [CacheConfig] })
export class CacheModule {}

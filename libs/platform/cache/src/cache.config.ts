import { integer, setting, settings } from '@platform/config';
import { z } from 'zod';

/** Bounds of the local copies, and the name space in a shared Redis. */
export class CacheConfig extends settings('cache', {
  maxEntries: setting(
    'CACHE_MAX_ENTRIES',
    integer(100, 1_000_000).default(10_000),
    'Values kept in the memory of one process, 100–1000000; unused ones go first.',
  ),
  redisPrefix: setting(
    'REDIS_PREFIX',
    z
      .string()
      .regex(/^[a-z0-9][a-z0-9:_-]{0,63}$/, { error: 'expected up to 64 characters of a-z 0-9 : _ -' })
      .default('omnistack'),
    'First part of every Redis key and channel; differs between installations that share one Redis.',
  ),
}) {}

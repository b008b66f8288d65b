import { Global, Module } from '@nestjs/common';
import { ThrottlerModule } from '@nestjs/throttler';
import { CacheModule } from '@platform/cache';
import { Domain } from '@platform/kernel';
import { AccessConfig } from './access/access.config';
import { Permissions } from './access/permissions';
import { PasswordHasher } from './crypto/password-hasher';
import { IdempotencyRecord } from './idempotency/entities/idempotency-record.entity';
import { IdempotencyStore } from './idempotency/idempotency-store';
import { IdempotencyConfig } from './idempotency/idempotency.config';
import { CreateIdempotencyKeys1767225600100 } from './idempotency/migrations/create-idempotency-keys.migration';
import { RateLimitConfig } from './rate-limit/rate-limit.config';
import { RateLimiter } from './rate-limit/rate-limiter';
import { SlidingWindowStorage } from './rate-limit/sliding-window-storage';
import { RedisOperations } from './redis-operations';

const PARTS = [Permissions, PasswordHasher, RateLimiter, SlidingWindowStorage, IdempotencyStore];

/** Access, passwords, rate limits and idempotency for the whole process. Needs the database and observability modules beside it. */
@Global()
@Module({
  imports: [
    CacheModule,
    // For what asks for `ThrottlerStorage`; the limits of routes are the pipeline's.
    ThrottlerModule.forRootAsync({
      inject: [SlidingWindowStorage, RateLimitConfig],
      useFactory: (storage: SlidingWindowStorage, { default: { limit, windowSeconds } }: RateLimitConfig) => ({
        throttlers: [{ limit, ttl: windowSeconds * 1_000 }],
        storage,
      }),
    }),
  ],
  providers: [...PARTS, RedisOperations],
  exports: PARTS,
})
@Domain({
  name: 'platform/security',
  entities: [IdempotencyRecord],
  migrations: [CreateIdempotencyKeys1767225600100],
  settings: [AccessConfig, RateLimitConfig, IdempotencyConfig],
})
export class SecurityModule {}

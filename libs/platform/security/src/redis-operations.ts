import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RedisConnections } from '@platform/cache';
import { HealthChecks, type HealthFacts, Metrics } from '@platform/observability';

/**
 * Readiness asks Redis, and a scrape counts its connections, in every process that counts calls there. It is not
 * critical: requests are answered and jobs wait without it.
 */
@Injectable()
export class RedisOperations implements OnModuleInit {
  constructor(
    private readonly redis: RedisConnections,
    private readonly checks: HealthChecks,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.checks.register('redis', () => this.check(), { critical: false });
    this.metrics.beforeScrape(() => this.metrics.redisConnections(this.redis.openCount));
  }

  private async check(): Promise<HealthFacts> {
    if (!this.redis.configured) return { configured: false };
    await this.redis.ping();
    return { version: await this.version(), impaired: this.redis.impairment };
  }

  private async version(): Promise<string | undefined> {
    // Users that may not ask are common, and the version is no more than nice to know.
    const info = await this.redis
      .client()
      ?.info('server')
      .catch(() => undefined);
    const number = /^redis_version:(\S+)/m.exec(info ?? '')?.[1];
    return number && `Redis ${number}`;
  }
}

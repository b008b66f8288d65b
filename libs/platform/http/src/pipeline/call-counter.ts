import { Injectable } from '@nestjs/common';
import { type Actor } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { actorSubject, addressSubject, RateLimiter, type RateLimitPolicy } from '@platform/security';
import { RateLimitExceeded } from '../errors/http-errors';
import { type Exchange } from '../exchange';
import { setRateLimitHeaders } from './rate-limit-headers';

/** Counts calls under a policy, and turns away the one too many. */
@Injectable()
export class CallCounter {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly metrics: Metrics,
  ) {}

  /** Count a signed-in caller as himself, or as his API key. @throws RateLimitExceeded */
  async caller(policy: RateLimitPolicy | undefined, actor: Actor, exchange: Exchange): Promise<void> {
    const clientType = actor.apiKeyId === undefined ? 'user' : 'api_key';
    if (policy) await this.count(policy, actorSubject(actor), clientType, exchange);
  }

  /** Count somebody without credentials that hold, by address. @throws RateLimitExceeded */
  async stranger(policy: RateLimitPolicy | undefined, exchange: Exchange): Promise<void> {
    if (policy) await this.count(policy, addressSubject(exchange.clientAddress), 'ip', exchange);
  }

  private async count(
    policy: RateLimitPolicy,
    subject: string,
    clientType: 'user' | 'api_key' | 'ip',
    exchange: Exchange,
  ): Promise<void> {
    const decided = this.limiter.consume(policy, subject);
    const decision = decided instanceof Promise ? await decided : decided;
    setRateLimitHeaders(exchange.response, decision);
    if (decision.allowed) return;
    this.metrics.rateLimitHit(exchange.report?.template, clientType);
    throw new RateLimitExceeded(decision.retryAfter);
  }
}

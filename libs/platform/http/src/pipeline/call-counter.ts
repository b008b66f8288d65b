import { Injectable } from '@nestjs/common';
import { type Actor } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import {
  actorSubject,
  addressSubject,
  type CallKey,
  type RateDecision,
  RateLimiter,
  type RateLimitPolicy,
} from '@platform/security';
import { RateLimitExceeded } from '../errors/http-errors';
import { type RequestContext } from '../request-context';
import { setRateLimitHeaders } from './rate-limit-headers';

/** Counts calls under a policy, and turns away the one too many. */
@Injectable()
export class CallCounter {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly metrics: Metrics,
  ) {}

  /** Count signed-in callers as themselves, or as their API key. @throws RateLimitExceeded */
  async caller(policy: RateLimitPolicy | undefined, actor: Actor, context: RequestContext): Promise<void> {
    const clientType = actor.apiKeyId === undefined ? 'user' : 'api_key';
    if (policy) await this.enforce(this.limiter.consume(policy, actorSubject(actor)), clientType, context);
  }

  /** Count somebody without credentials that hold, by address. @throws RateLimitExceeded */
  async stranger(policy: RateLimitPolicy | undefined, context: RequestContext): Promise<void> {
    if (policy) await this.enforce(this.limiter.consume(policy, addressSubject(context.clientAddress)), 'ip', context);
  }

  /** Count somebody without credentials by whom the call is about. @throws RateLimitExceeded */
  async keyed(policy: RateLimitPolicy | undefined, key: CallKey | null, context: RequestContext): Promise<void> {
    if (policy) await this.enforce(this.limiter.consumeKeyed(policy, key, context.clientAddress), 'ip', context);
  }

  private async enforce(
    decided: RateDecision | Promise<RateDecision>,
    clientType: 'user' | 'api_key' | 'ip',
    context: RequestContext,
  ): Promise<void> {
    const decision = decided instanceof Promise ? await decided : decided;
    setRateLimitHeaders(context.response, decision);
    if (decision.allowed) return;
    this.metrics.rateLimitHit(context.report?.template, clientType);
    throw new RateLimitExceeded(decision.retryAfter);
  }
}

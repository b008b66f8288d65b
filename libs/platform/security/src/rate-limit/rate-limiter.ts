import { isIPv4 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { normalizeIp } from '@nestjs/throttler';
import { type Rate } from '@platform/config';
import { type Actor, Clock } from '@platform/kernel';
import { type CallKey } from './rate-limit-key';
import { RateLimitConfig } from './rate-limit.config';
import { SlidingWindowStorage, type SubjectWindow } from './sliding-window-storage';
import { type WindowCount } from './sliding-windows';

/** A named rate. */
export interface RateLimitPolicy extends Rate {
  readonly name: string;
}

/** The answer to one call, with what both header families show. */
export interface RateDecision {
  readonly policy: RateLimitPolicy;
  readonly allowed: boolean;
  readonly limit: number;
  /** Calls that are still free now, 0 or more. */
  readonly remaining: number;
  /** Unix seconds at which the oldest counted call stops counting. */
  readonly resetAt: number;
  /** Seconds until then: for `RateLimit`'s `t`, and for `Retry-After` when refused. At least 1. */
  readonly retryAfter: number;
}

/** A policy, and whom a call counts for under it. */
interface Count {
  readonly policy: RateLimitPolicy;
  readonly subject: string;
}

/** All keys of one holder, or of one address, have so many times the limit of one. */
const TOTAL_FACTOR = 10;

/** Decides whether a caller may call again: named policies, exact under concurrency, across processes with Redis. */
@Injectable()
export class RateLimiter {
  private readonly named: ReadonlyMap<string, RateLimitPolicy>;
  private readonly totals: ReadonlyMap<string, RateLimitPolicy>;

  constructor(
    config: RateLimitConfig,
    private readonly storage: SlidingWindowStorage,
    private readonly clock: Clock,
  ) {
    const { default: byAddress, authenticated, ai, contact, webhooks } = config;
    const auth = {
      'auth.login': config.authLogin,
      'auth.register': config.authRegister,
      'auth.mail': config.authMail,
      'auth.refresh': config.authRefresh,
    };
    const rates = { default: byAddress, authenticated, ai, ...auth, contact, webhooks };
    this.named = new Map(Object.entries(rates).map(([name, rate]) => [name, Object.freeze({ name, ...rate })]));
    this.totals = new Map([...this.named.values()].map((policy) => [policy.name, totalOf(policy)]));
  }

  /** All policies of the configuration. */
  policies(): readonly RateLimitPolicy[] {
    return [...this.named.values()];
  }

  /** @throws Error naming the policies there are; look policies up at boot and pass them to {@link consume} */
  policy(name: string): RateLimitPolicy {
    const found = this.named.get(name);
    if (found) return found;
    throw new Error(`There is no rate-limit policy '${name}': use one of ${[...this.named.keys()].join(', ')}`);
  }

  /**
   * Count one call of `subject`, unless it is refused. In memory the decision comes at once, without a promise.
   * @param subject such as `user:<id>`, or {@link addressSubject}
   */
  consume(policy: RateLimitPolicy | string, subject: string): RateDecision | Promise<RateDecision> {
    return this.decide(policy, subject, true);
  }

  /**
   * Count one call to a public route that says whom it is about, in two buckets at once or in neither: that of the key,
   * and ten times the limit for all keys together. The two are its holder's where it is signed, wherever the call comes
   * from, so nobody else can fill them. They are the address's where anybody can say the key.
   * @param key null for a call that names nobody: those of one address count as one
   */
  consumeKeyed(policy: RateLimitPolicy, key: CallKey | null, address: string): RateDecision | Promise<RateDecision> {
    const whose = key?.holder ?? addressSubject(address);
    return this.consumeBoth(
      { policy: this.totals.get(policy.name) ?? policy, subject: whose },
      { policy, subject: `${key?.value ?? 'nobody'} ${whose}` },
    );
  }

  /** What {@link consume} would say, without counting. */
  peek(policy: RateLimitPolicy | string, subject: string): RateDecision | Promise<RateDecision> {
    return this.decide(policy, subject, false);
  }

  private consumeBoth(total: Count, own: Count): RateDecision | Promise<RateDecision> {
    const tightest = ([ofTotal, ofOwn]: readonly WindowCount[]): RateDecision => {
      // The storage answers for the first window at least, and for both when it does not refuse.
      const first = this.decision(total.policy, ofTotal as WindowCount);
      return ofOwn ? tighter(first, this.decision(own.policy, ofOwn)) : first;
    };
    const counts = this.storage.takeAll([windowOf(total), windowOf(own)]);
    return counts instanceof Promise ? counts.then(tightest) : tightest(counts);
  }

  private decide(asked: RateLimitPolicy | string, subject: string, counting: boolean) {
    const policy = typeof asked === 'string' ? this.policy(asked) : asked;
    const count = this.storage.take(policy.name, subject, policy.limit, policy.windowSeconds * 1_000, counting);
    return count instanceof Promise
      ? count.then((found) => this.decision(policy, found))
      : this.decision(policy, count);
  }

  private decision(policy: RateLimitPolicy, count: WindowCount): RateDecision {
    return {
      policy,
      allowed: count.allowed,
      limit: policy.limit,
      remaining: Math.max(0, policy.limit - count.used),
      resetAt: Math.ceil((this.clock.now().getTime() + count.freeInMs) / 1_000),
      retryAfter: Math.max(1, Math.ceil(count.freeInMs / 1_000)),
    };
  }
}

function totalOf({ limit, name, windowSeconds }: RateLimitPolicy): RateLimitPolicy {
  return Object.freeze({ name: `${name}.total`, limit: limit * TOTAL_FACTOR, windowSeconds });
}

function windowOf({ policy, subject }: Count): SubjectWindow {
  return { policy: policy.name, subject, limit: policy.limit, windowMs: policy.windowSeconds * 1_000 };
}

/** The one that refuses, and waits longest; else the one with the fewest calls left. */
function tighter(one: RateDecision, other: RateDecision): RateDecision {
  if (one.allowed !== other.allowed) return one.allowed ? other : one;
  if (!one.allowed) return one.retryAfter >= other.retryAfter ? one : other;
  return one.remaining <= other.remaining ? one : other;
}

/** The subject of a signed-in caller: each API key has a bucket of its own, so a busy script does not lock its owner out. */
export function actorSubject({ apiKeyId, id }: Actor): string {
  return apiKeyId === undefined ? `user:${id}` : `key:${apiKeyId}`;
}

/**
 * The subject of a caller without credentials. An IPv6 address counts as its /64, which is what one customer holds
 * (RFC 6177); else one machine would have 2^64 limits.
 */
export function addressSubject(address: string): string {
  return `ip:${normalizeIp(address)}`;
}

/** The network of an address: its /24 in IPv4, its /64 in IPv6. Anything else is a network of its own. */
export function networkOf(address: string): string {
  const normal = normalizeIp(address);
  return isIPv4(normal) ? normal.replace(/\d+$/, '0/24') : normal;
}

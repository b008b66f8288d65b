import { SetMetadata, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { type RateLimitKey } from '../rate-limit/rate-limit-key';

/** On a route or a controller; the route's own word wins over its controller's. */
export type RouteDecorator = MethodDecorator & ClassDecorator;

interface StatedFact {
  /** Metadata key: what a reader asks for. */
  readonly key: string;
  readonly state: (value: string) => RouteDecorator;
}

/** `Reflector.createDecorator` takes its argument as optional; here it is required, and empty text is refused. */
function statedFact(name: string, what: string): StatedFact {
  const decorator = Reflector.createDecorator<string>({ key: `omnistack:${name}` });
  return {
    key: decorator.KEY,
    state: (value) => {
      if (value.trim() === '') throw new Error(`@${name}('') says nothing: give it ${what}`);
      return decorator(value);
    },
  };
}

const can = statedFact('Can', "a permission such as 'projects.create'");
const open = statedFact('Public', 'the reason why everybody may call this route');
const feature = statedFact('RequireFeature', 'the key of a feature flag');
const meter = statedFact('Meter', "a metric such as 'projects.created'");
const quota = statedFact('Quota', "a limited feature of the plan such as 'projects'");

/** The caller needs this permission; 401 without credentials, 403 without the permission. */
export const Can = (permission: string): RouteDecorator => can.state(permission);

/** Metadata key of {@link StepUp}. */
const STEP_UP = 'omnistack:StepUp';

/**
 * A dangerous act: the person must have proved who they are within `STEP_UP_MINUTES`, else 401 of RFC 9470. An API key
 * never has.
 */
export const StepUp = (): RouteDecorator => SetMetadata(STEP_UP, true);

/** Metadata key of {@link ForOneself}. */
const FOR_ONESELF = 'omnistack:ForOneself';

/**
 * About the person who calls, whatever tenant the session was switched to: the actor has none here. What a permission with
 * `session: true` opens needs no such word.
 */
export const ForOneself = (): RouteDecorator => SetMetadata(FOR_ONESELF, true);

/** Metadata key of {@link InBrowser}. */
const IN_BROWSER = 'omnistack:InBrowser';

/** A page that a browser loads: the caller is known by the cookie of their browser session, not by a bearer token. Reads only. */
export const InBrowser = (): RouteDecorator => SetMetadata(IN_BROWSER, true);

/** Everybody may call; `why` is read by reviewers and in `omni routes`. */
export const Public = (why: string): RouteDecorator => open.state(why);

/** What {@link RateLimit} says. */
export interface StatedRateLimit {
  readonly policy: string;
  readonly key?: Type<RateLimitKey>;
}

/** Metadata key of {@link RateLimit}. */
const RATE_LIMIT = 'omnistack:RateLimit';

/**
 * Counted under this policy of {@link RateLimitConfig} instead of `default` or `authenticated`.
 * @param key on a public route with a body: counted by whom the call is about, too, instead of by address alone
 */
export function RateLimit(policy: string, key?: Type<RateLimitKey>): RouteDecorator {
  if (policy.trim() === '') throw new Error("@RateLimit('') says nothing: give it a policy such as 'auth.login'");
  const stated: StatedRateLimit = { policy, key };
  return SetMetadata(RATE_LIMIT, stated);
}

/** While the flag is off for the caller, the route answers 404. Needs a bound `FeatureGate`. */
export const RequireFeature = (flag: string): RouteDecorator => feature.state(flag);

/** A successful call counts one of this metric. Needs a bound `UsageLedger`. */
export const Meter = (metric: string): RouteDecorator => meter.state(metric);

/** The call takes one unit of this plan limit, or is refused. Needs a bound `QuotaLedger`. */
export const Quota = (what: string): RouteDecorator => quota.state(what);

/** Metadata keys of the route facts, for {@link routeRules}. */
export const ROUTE_FACTS = {
  can: can.key,
  public: open.key,
  rateLimit: RATE_LIMIT,
  feature: feature.key,
  meter: meter.key,
  quota: quota.key,
  stepUp: STEP_UP,
  forOneself: FOR_ONESELF,
  inBrowser: IN_BROWSER,
} as const;

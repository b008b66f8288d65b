import { type Type } from '@nestjs/common';
import { BootRefused, type Constructor } from '@platform/kernel';
import { type Rate } from '@platform/config';
import { type RateLimitKey } from '../rate-limit/rate-limit-key';
import { type StatedThrottle, throttleOn } from '../rate-limit/throttle';
import { ROUTE_FACTS, type StatedRateLimit } from './route-decorators';

/** Who may call a route. */
export type RouteAccess =
  { readonly kind: 'permission'; readonly permission: string } | { readonly kind: 'public'; readonly why: string };

/** All that the security decorators say about a route. */
export interface RouteRules {
  /** Undefined: the route is silent, and the boot check refuses it. */
  readonly access?: RouteAccess;
  /** Name of a rate-limit policy. */
  readonly rateLimit?: string;
  /** Reads whom a call counts for. */
  readonly rateLimitKey?: Type<RateLimitKey>;
  /** What `@Throttle` or `@SkipThrottle` says in its place. */
  readonly throttle?: Rate | 'skip';
  /** What is wrong with these words, each with its fix. */
  readonly limitProblems?: readonly string[];
  readonly feature?: string;
  readonly metric?: string;
  readonly quota?: string;
  /** Whether the proof of identity must be recent. */
  readonly stepUp: boolean;
  /** Set: the actor has no tenant here. */
  readonly forOneself?: true;
  /** Set: the caller is known by the cookie of their browser session. */
  readonly inBrowser?: true;
}

// A route handler is whatever function Nest found; only its metadata is read.
type Handler = (...parameters: never[]) => unknown;

/**
 * Who may call: the handler's own word, else its controller's.
 * @throws BootRefused when one of them says both @Can and @Public
 */
export function routeAccess(handler: Handler, controller: Constructor): RouteAccess | undefined {
  const place = `${controller.name}.${handler.name}`;
  return accessOn(handler, place) ?? accessOn(controller, controller.name);
}

/**
 * Read every security decorator of a route.
 * @throws BootRefused as {@link routeAccess}
 */
export function routeRules(handler: Handler, controller: Constructor): RouteRules {
  const says = (key: string) => isTrueOn(handler, key) || isTrueOn(controller, key);
  const fact = (key: string) => textOn(handler, key) ?? textOn(controller, key);
  return {
    access: routeAccess(handler, controller),
    ...limitOf(limitOn(handler) ?? limitOn(controller)),
    feature: fact(ROUTE_FACTS.feature),
    metric: fact(ROUTE_FACTS.meter),
    quota: fact(ROUTE_FACTS.quota),
    stepUp: says(ROUTE_FACTS.stepUp),
    ...(says(ROUTE_FACTS.forOneself) && { forOneself: true }),
    ...(says(ROUTE_FACTS.inBrowser) && { inBrowser: true }),
  };
}

function accessOn(target: object, place: string): RouteAccess | undefined {
  const permission = textOn(target, ROUTE_FACTS.can);
  const why = textOn(target, ROUTE_FACTS.public);
  if (permission !== undefined && why !== undefined) {
    throw new BootRefused([`${place} says both @Can('${permission}') and @Public('${why}'): remove one of them`]);
  }
  if (permission !== undefined) return Object.freeze({ kind: 'permission', permission });
  return why === undefined ? undefined : Object.freeze({ kind: 'public', why });
}

/** How one target says that its calls are counted. */
interface StatedLimit {
  readonly rateLimit?: StatedRateLimit;
  readonly throttle?: StatedThrottle;
}

function limitOn(target: object): StatedLimit | undefined {
  const rateLimit = Reflect.getMetadata(ROUTE_FACTS.rateLimit, target) as StatedRateLimit | undefined;
  const throttle = throttleOn(target);
  return rateLimit || throttle ? { rateLimit, throttle } : undefined;
}

function limitOf({ rateLimit, throttle }: StatedLimit = {}): Omit<RouteRules, 'access' | 'stepUp'> {
  const problems = [
    ...(throttle?.problems ?? []),
    ...(rateLimit && throttle ? ['says @RateLimit and @Throttle or @SkipThrottle: keep one of them'] : []),
  ];
  return {
    rateLimit: rateLimit?.policy,
    rateLimitKey: rateLimit?.key,
    throttle: throttle?.says === 'default' ? undefined : throttle?.says,
    ...(problems.length > 0 && { limitProblems: problems }),
  };
}

function isTrueOn(target: object, key: string): boolean {
  return Reflect.getMetadata(key, target) === true;
}

function textOn(target: object, key: string): string | undefined {
  return Reflect.getMetadata(key, target) as string | undefined;
}

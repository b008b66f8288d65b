import { RequestMethod, type Type } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { type AuditRule, type AuditedRule, auditRuleOf } from '@platform/audit';
import { type Rate } from '@platform/config';
import { type Constructor } from '@platform/kernel';
import { type RateLimitKey, type RateLimitPolicy, type RouteAccess, routeRules } from '@platform/security';
import { BODY_LIMIT } from '../body/body.decorators';
import { TAKES_IF_MATCH } from '../paging/etag';
import { FLAT } from './flat';
import { IDEMPOTENT } from './idempotent';

/** The word of `@RateLimit` for routes that nothing counts: probes. */
export const UNLIMITED = 'none';

const READING = new Set([RequestMethod.GET, RequestMethod.HEAD, RequestMethod.OPTIONS]);

/** A route handler; only its metadata is read. */
export type Handler = (...parameters: never[]) => unknown;

/** What the decorators of a route say, before they are checked. */
export interface StatedRoute {
  readonly name: string;
  readonly handler: Handler;
  readonly controller: Constructor;
  readonly method: RequestMethod;
  readonly access?: RouteAccess;
  readonly rateLimit?: string;
  readonly rateLimitKey?: Type<RateLimitKey>;
  /** What `@Throttle` or `@SkipThrottle` says in place of a policy. */
  readonly throttle?: Rate | 'skip';
  readonly limitProblems?: readonly string[];
  readonly feature?: string;
  readonly metric?: string;
  readonly quota?: string;
  readonly stepUp: boolean;
  readonly forOneself?: true;
  readonly inBrowser?: true;
  readonly audit?: AuditRule;
  readonly idempotent: boolean;
  readonly ifMatch: boolean;
  readonly flat: boolean;
  readonly body: 'none' | 'json' | 'raw';
  readonly bodyLimit?: number;
  /** Whether the method may change something. */
  readonly changes: boolean;
}

/** What the pipeline does for one route; compiled at boot. */
export interface RoutePlan {
  /** `ProjectsController.create`. */
  readonly name: string;
  /** Undefined on public routes. */
  readonly permission?: string;
  readonly isPublic: boolean;
  /** Undefined where `@RateLimit('none')` says so. */
  readonly policy?: RateLimitPolicy;
  /** How callers without valid credentials are counted; undefined as above. */
  readonly strangerPolicy?: RateLimitPolicy;
  /** Reads from the body whom a stranger's call is about; the call is then counted after its body is read. */
  readonly strangerKey?: RateLimitKey;
  readonly feature?: string;
  readonly quota?: string;
  readonly metric?: string;
  /** Whether the proof of identity must be recent. */
  readonly stepUp: boolean;
  /** Whether the caller is known by a browser session's cookie. */
  readonly inBrowser: boolean;
  /** Whether the actor has no tenant here. */
  readonly forOneself: boolean;
  readonly audit?: AuditedRule;
  readonly idempotent: boolean;
  readonly flat: boolean;
  readonly body: 'none' | 'json' | 'raw';
  readonly bodyLimit: number;
  /** Whether the method may change something. */
  readonly changes: boolean;
  /** Whether the route runs in a unit of work. */
  readonly writes: boolean;
}

/**
 * Read every decorator of a route.
 * @throws BootRefused when it says both @Can and @Public
 */
export function statedRoute(controller: Constructor, handler: Handler, method: RequestMethod): StatedRoute {
  const changes = !READING.has(method);
  return {
    name: `${controller.name}.${handler.name}`,
    handler,
    controller,
    method,
    ...routeRules(handler, controller),
    audit: auditRuleOf(handler, controller),
    idempotent: fact(IDEMPOTENT, handler, controller) === true,
    ifMatch: Reflect.getMetadata(TAKES_IF_MATCH, handler) === true,
    flat: fact(FLAT, handler, controller) === true,
    body: bodyOf(controller, handler, changes),
    // Written by @BodyLimit, which takes a number.
    bodyLimit: fact(BODY_LIMIT, handler, controller) as number | undefined,
    changes,
  };
}

function fact(key: string | symbol, handler: Handler, controller: Constructor): unknown {
  return Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller);
}

function bodyOf(controller: Constructor, handler: Handler, changes: boolean): RoutePlan['body'] {
  if (!changes) return 'none';
  const parameters = Object.keys(parametersOf(controller, handler));
  const takes = (type: RouteParamtypes): boolean => parameters.some((key) => key.startsWith(`${type}:`));
  if (takes(RouteParamtypes.RAW_BODY) && !takes(RouteParamtypes.BODY)) return 'raw';
  return 'json';
}

/** Nest's metadata on the parameters of a handler: `<type>:<index>` → what the decorator was given. */
export function parametersOf(
  controller: Constructor,
  handler: Handler,
): Record<string, { data?: unknown; pipes?: unknown[] }> {
  return (
    (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler.name) as
      Record<string, { data?: unknown; pipes?: unknown[] }> | undefined) ?? {}
  );
}

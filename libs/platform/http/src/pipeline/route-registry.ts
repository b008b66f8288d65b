import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { methodsOf } from '@platform/config';
import { BootRefused, type Constructor, declarationOf } from '@platform/kernel';
import { Permissions, RateLimiter, type RateLimitPolicy } from '@platform/security';
import { DEFAULT_VERSION, versionInPath } from '../entry/api-version';
import { HttpConfig } from '../http.config';
import { Ports } from './ports';
import { problemsOf, type KnownNames } from './route-checks';
import { endpointOf, patternOf, withoutPrefix } from './route-paths';
import { type Handler, type RoutePlan, type StatedRoute, statedRoute, UNLIMITED } from './route-plan';

/** A body that is read before its sender is counted is small: an address, a password, a token. */
const KEYED_BODY_BYTES = 8_192;

type ModuleOfController = NonNullable<ReturnType<DiscoveryService['getControllers']>[number]['host']>;

/** One route as `omni routes` and the generated reference show it. */
export interface RouteRow {
  readonly method: string;
  readonly path: string;
  /** `ProjectsController.create`. */
  readonly handler: string;
  /** The permission, or `public`. */
  readonly access: string;
  readonly why?: string;
  readonly rate_limit: string;
  /** Present where a call is counted by more than its address: by `account`. */
  readonly rate_limit_by?: string;
  readonly feature?: string;
  readonly quota?: string;
  readonly metric?: string;
  readonly idempotent: boolean;
  /** Present where a recent proof of identity is needed. */
  readonly step_up?: true;
  /** Present where the caller is known by the cookie of a browser session. */
  readonly in_browser?: true;
  /** Present where the caller acts for themselves, whatever organization the sign-in was switched to. */
  readonly for_oneself?: true;
  /** The action, or `none: <why>`; absent where nothing changes and nothing is recorded. */
  readonly audit?: string;
}

/** A route with its plan, for the error filter and the OpenAPI document. */
export interface PlannedRoute {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
  readonly stated: StatedRoute;
  readonly plan: RoutePlan;
  /** The domain whose controller it is; undefined for routes of none. */
  readonly domain?: string;
}

/** Every route of the process: refused when silent or wrong, compiled into plans otherwise. */
@Injectable()
export class RouteRegistry implements OnModuleInit {
  private readonly plans = new Map<Constructor, Map<Handler, RoutePlan>>();
  private planned?: readonly PlannedRoute[];
  /** The routes without their prefixes; made for the first path that nobody knows. */
  private beyondPrefix?: readonly { readonly path: string; readonly pattern: RegExp }[];

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly permissions: Permissions,
    private readonly limiter: RateLimiter,
    private readonly ports: Ports,
    private readonly config: HttpConfig,
  ) {}

  onModuleInit(): void {
    this.routes();
  }

  /** The plan of a handler; the pipeline asks once per request. */
  planOf(controller: Constructor, handler: Handler): RoutePlan {
    const plan = this.plans.get(controller)?.get(handler);
    if (!plan) throw new Error(`${controller.name}.${handler.name} is not in the registry: it was not there at boot`);
    return plan;
  }

  /**
   * All routes, compiled by the first call.
   * @throws BootRefused naming each route that is silent or names what is not there, with the fix
   */
  routes(): readonly PlannedRoute[] {
    return (this.planned ??= this.take());
  }

  /** The methods that a path is served under; empty when there is no such path. */
  methodsOf(path: string): string[] {
    const methods = this.routes()
      .filter(({ pattern }) => pattern.test(path))
      .map(({ method }) => method);
    if (methods.includes('GET')) methods.push('HEAD');
    return [...new Set(methods)].sort();
  }

  /** The paths of routes that differ from `path` by their prefix alone: `/projects` is `/api/v1/app/projects`. */
  similarTo(path: string): string[] {
    const rest = withoutPrefix(path);
    const wanted = `/api/${versionInPath(path) ?? DEFAULT_VERSION}/`;
    this.beyondPrefix ??= this.routes()
      .map((route) => ({ path: route.path, pattern: patternOf(withoutPrefix(route.path)) }))
      // One that begins with a parameter would be like everything.
      .filter((route) => !/^\/[:*]/.test(withoutPrefix(route.path)));
    const similar = this.beyondPrefix.filter(
      ({ path: other, pattern }) => other.startsWith(wanted) && pattern.test(rest),
    );
    return [...new Set(similar.map(({ path: other }) => other.slice(0, -withoutPrefix(other).length) + rest))].sort();
  }

  /** The routes in the order of their paths, for people. */
  describe(): RouteRow[] {
    return this.routes()
      .map(rowOf)
      .sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
  }

  private take(): readonly PlannedRoute[] {
    const known = this.knownNames();
    const problems: string[] = [];
    const routes: PlannedRoute[] = [];
    for (const { controller, domain, handler } of this.handlers()) {
      const endpoint = endpointOf(controller, handler);
      if (!endpoint) continue;
      const stated = statedRoute(controller, handler, endpoint.method);
      problems.push(...problemsOf(stated, endpoint.paths[0] ?? '/', known));
      if (problems.length > 0) continue;
      const plan = this.compile(stated);
      this.keep(controller, handler, plan);
      const method = RequestMethod[endpoint.method];
      routes.push(...endpoint.paths.map((path) => ({ method, path, pattern: patternOf(path), stated, plan, domain })));
    }
    if (problems.length > 0) throw new BootRefused(problems);
    return routes;
  }

  private *handlers(): Generator<{ controller: Constructor; handler: Handler; domain?: string }> {
    for (const { host, instance, metatype } of this.discovery.getControllers()) {
      if (!metatype) continue;
      const domain = host && domainOf(host);
      for (const { method } of methodsOf(instance)) {
        // A controller's metatype is its class; Nest types it wider.
        yield { controller: metatype as Constructor, handler: method, domain };
      }
    }
  }

  private knownNames(): KnownNames {
    const policies = this.limiter.policies().map(({ name }) => name);
    return {
      permission: (name) => this.permissions.has(name),
      policy: (name) => policies.includes(name),
      policies,
      bound: (port) => this.ports.bound(port),
      provided: (key) => this.ports.rateLimitKey(key) !== null,
    };
  }

  private compile(stated: StatedRoute): RoutePlan {
    const { access, audit, bodyLimit, changes, feature, metric, quota, rateLimit, rateLimitKey, stepUp, throttle } =
      stated;
    const permission = access?.kind === 'permission' ? access.permission : undefined;
    const isPublic = access?.kind === 'public';
    const limited = rateLimit !== UNLIMITED && throttle !== 'skip';
    const byAddress = limited ? this.limiter.policy('default') : undefined;
    const own = limited ? this.ownPolicy(stated) : undefined;
    return Object.freeze({
      name: stated.name,
      permission,
      isPublic,
      policy: own ?? (isPublic ? byAddress : limited ? this.limiter.policy('authenticated') : undefined),
      strangerPolicy: isPublic ? (own ?? byAddress) : byAddress,
      strangerKey: (rateLimitKey && this.ports.rateLimitKey(rateLimitKey)) ?? undefined,
      feature,
      quota,
      metric,
      stepUp,
      inBrowser: stated.inBrowser === true,
      forOneself:
        stated.forOneself === true || (permission !== undefined && this.permissions.sessionOnly.has(permission)),
      audit: audit?.audited ? audit : undefined,
      idempotent: stated.idempotent,
      flat: stated.flat,
      body: stated.body,
      bodyLimit: bodyLimit ?? (rateLimitKey ? KEYED_BODY_BYTES : this.config.bodyLimitBytes),
      changes,
      writes: changes || audit?.audited === true || metric !== undefined || quota !== undefined,
    });
  }

  /** What the route says of itself: a policy of the settings, or a rate that is nobody else's. */
  private ownPolicy({ name, rateLimit, throttle }: StatedRoute): RateLimitPolicy | undefined {
    if (rateLimit !== undefined) return this.limiter.policy(rateLimit);
    return typeof throttle === 'object' ? Object.freeze({ name, ...throttle }) : undefined;
  }

  private keep(controller: Constructor, handler: Handler, plan: RoutePlan): void {
    const byHandler = this.plans.get(controller) ?? new Map<Handler, RoutePlan>();
    this.plans.set(controller, byHandler.set(handler, plan));
  }
}

/** The API's module of a domain imports the core, which carries the declaration. */
function domainOf({ imports, metatype }: ModuleOfController): string | undefined {
  const declared = [metatype, ...[...imports].map((imported) => imported.metatype)].map(
    (module) => declarationOf(module)?.name,
  );
  return declared.find((name) => name !== undefined && !name.startsWith('platform/'));
}

/** `3 in 60 s`: a rate of `@Throttle` has no name. */
function rateOf({ throttle }: StatedRoute): string | undefined {
  return typeof throttle === 'object' ? `${throttle.limit} in ${throttle.windowSeconds} s` : undefined;
}

function rowOf({ method, path, plan, stated }: PlannedRoute): RouteRow {
  const { access, audit } = stated;
  return {
    method,
    path,
    handler: plan.name,
    access: access?.kind === 'permission' ? access.permission : 'public',
    ...(access?.kind === 'public' && { why: access.why }),
    rate_limit: rateOf(stated) ?? plan.policy?.name ?? UNLIMITED,
    ...(plan.strangerKey && { rate_limit_by: plan.strangerKey.countsBy }),
    ...(plan.feature && { feature: plan.feature }),
    ...(plan.quota && { quota: plan.quota }),
    ...(plan.metric && { metric: plan.metric }),
    idempotent: plan.idempotent,
    ...(plan.stepUp && { step_up: true as const }),
    ...(plan.inBrowser && { in_browser: true as const }),
    ...(plan.forOneself && { for_oneself: true as const }),
    ...(audit && { audit: audit.audited ? audit.action : `none: ${audit.why}` }),
  };
}

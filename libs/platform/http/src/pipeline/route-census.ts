import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { BootRefused, type Constructor } from '@platform/kernel';
import { Permissions, RateLimiter } from '@platform/security';
import { HttpConfig } from '../http.config';
import { Ports } from './ports';
import { findingsOf, type KnownNames } from './route-checks';
import { endpointOf, patternOf } from './route-paths';
import { type Handler, type RoutePlan, type StatedRoute, statedRoute, UNLIMITED } from './route-plan';

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
  readonly feature?: string;
  readonly quota?: string;
  readonly metric?: string;
  readonly idempotent: boolean;
  /** Present where a recent proof of identity is needed. */
  readonly step_up?: true;
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
}

/** Every route of the process: refused when silent or wrong, compiled into plans otherwise. */
@Injectable()
export class RouteCensus implements OnModuleInit {
  private readonly plans = new Map<Constructor, Map<Handler, RoutePlan>>();
  private planned?: readonly PlannedRoute[];
  private readonly scanner = new MetadataScanner();

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
    if (!plan) throw new Error(`${controller.name}.${handler.name} is not in the census: it was not there at boot`);
    return plan;
  }

  /**
   * All routes, compiled by the first call.
   * @throws BootRefused naming each route that is silent or names what is not there, with the cure
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

  /** The routes in the order of their paths, for people. */
  describe(): RouteRow[] {
    return this.routes()
      .map(rowOf)
      .sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
  }

  private take(): readonly PlannedRoute[] {
    const known = this.knownNames();
    const findings: string[] = [];
    const routes: PlannedRoute[] = [];
    for (const { controller, handler } of this.handlers()) {
      const endpoint = endpointOf(controller, handler);
      if (!endpoint) continue;
      const stated = statedRoute(controller, handler, endpoint.method);
      findings.push(...findingsOf(stated, endpoint.paths[0] ?? '/', known));
      if (findings.length > 0) continue;
      const plan = this.compile(stated);
      this.keep(controller, handler, plan);
      const method = RequestMethod[endpoint.method];
      routes.push(...endpoint.paths.map((path) => ({ method, path, pattern: patternOf(path), stated, plan })));
    }
    if (findings.length > 0) throw new BootRefused(findings);
    return routes;
  }

  private *handlers(): Generator<{ controller: Constructor; handler: Handler }> {
    for (const { instance, metatype } of this.discovery.getControllers()) {
      if (!metatype || typeof instance !== 'object' || instance === null) continue;
      const prototype = Object.getPrototypeOf(instance) as Record<string, Handler>;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        // A controller's metatype is its class; Nest types it wider.
        if (handler) yield { controller: metatype as Constructor, handler };
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
    };
  }

  private compile(stated: StatedRoute): RoutePlan {
    const { access, audit, bodyLimit, changes, feature, metric, quota, rateLimit, stepUp } = stated;
    const permission = access?.kind === 'permission' ? access.permission : undefined;
    const isPublic = access?.kind === 'public';
    const limited = rateLimit !== UNLIMITED;
    const byAddress = limited ? this.limiter.policy('default') : undefined;
    const own = rateLimit && limited ? this.limiter.policy(rateLimit) : undefined;
    return Object.freeze({
      name: stated.name,
      permission,
      isPublic,
      policy: own ?? (isPublic ? byAddress : limited ? this.limiter.policy('authenticated') : undefined),
      strangerPolicy: isPublic ? (own ?? byAddress) : byAddress,
      feature,
      quota,
      metric,
      stepUp,
      forOneself:
        stated.forOneself === true || (permission !== undefined && this.permissions.sessionOnly.has(permission)),
      audit: audit?.audited ? audit : undefined,
      idempotent: stated.idempotent,
      flat: stated.flat,
      body: stated.body,
      bodyLimit: bodyLimit ?? this.config.bodyLimitBytes,
      changes,
      writes: changes || audit?.audited === true || metric !== undefined || quota !== undefined,
    });
  }

  private keep(controller: Constructor, handler: Handler, plan: RoutePlan): void {
    const byHandler = this.plans.get(controller) ?? new Map<Handler, RoutePlan>();
    this.plans.set(controller, byHandler.set(handler, plan));
  }
}

function rowOf({ method, path, plan, stated }: PlannedRoute): RouteRow {
  const { access, audit } = stated;
  return {
    method,
    path,
    handler: plan.name,
    access: access?.kind === 'permission' ? access.permission : 'public',
    ...(access?.kind === 'public' && { why: access.why }),
    rate_limit: plan.policy?.name ?? UNLIMITED,
    ...(plan.feature && { feature: plan.feature }),
    ...(plan.quota && { quota: plan.quota }),
    ...(plan.metric && { metric: plan.metric }),
    idempotent: plan.idempotent,
    ...(plan.stepUp && { step_up: true as const }),
    ...(plan.forOneself && { for_oneself: true as const }),
    ...(audit && { audit: audit.audited ? audit.action : `none: ${audit.why}` }),
  };
}

import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import {
  AccessDenied,
  type Actor,
  ANONYMOUS,
  AppError,
  AuthenticationFailed,
  BadRequest,
  may,
  NotFound,
} from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { addressSubject, RateLimiter, type RateLimitPolicy } from '@platform/security';
import { problemOfText } from '../body/json-text';
import { readBytes, readJsonBody } from '../body/read-body';
import { RequestReport } from '../edge/request-report';
import { RateLimitExceeded } from '../errors/http-errors';
import { type Exchange, exchangeOf, type HttpRequest } from '../exchange';
import { Ports } from './ports';
import { setRateLimitHeaders } from './rate-limit-headers';
import { RouteCensus } from './route-census';
import { type Handler, type RoutePlan } from './route-plan';

/** The steps of the pipeline that decide whether a call may come in: see `pipeline.ts` for their order. */
@Injectable()
export class PipelineGuard implements CanActivate {
  constructor(
    private readonly census: RouteCensus,
    private readonly limiter: RateLimiter,
    private readonly ports: Ports,
    private readonly report: RequestReport,
    private readonly metrics: Metrics,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Sockets have their own door: the handshake.
    if (context.getType() !== 'http') return true;
    const request = context.getArgByIndex<HttpRequest>(0);
    const exchange = exchangeOf(request);
    // Nest hands out the function that the census found, as the widest type of function.
    const plan = this.census.planOf(context.getClass(), context.getHandler() as Handler);
    exchange.plan = plan;
    this.report.routed(exchange);

    const actor = plan.isPublic ? await this.admitStranger(plan, exchange) : await this.admitCaller(plan, exchange);
    if (plan.permission !== undefined && !may(actor, plan.permission)) {
      throw new AccessDenied('You do not have the permission for this', { permission: plan.permission });
    }
    if (plan.feature !== undefined) await this.requireFeature(plan.feature, actor, request);
    if (request.url.includes('%')) refuseUnstorableParameters(request);
    if (plan.body !== 'none') await readInto(request, plan);
    return true;
  }

  private async admitStranger(plan: RoutePlan, exchange: Exchange): Promise<Actor> {
    exchange.actor = ANONYMOUS;
    await this.countStranger(plan, exchange);
    return ANONYMOUS;
  }

  private async admitCaller(plan: RoutePlan, exchange: Exchange): Promise<Actor> {
    // Also on refusals: what a signed-in caller gets is nobody else's, and no cache's.
    exchange.response.setHeader('Cache-Control', 'no-store');
    let actor: Actor | null = null;
    try {
      actor = await this.ports.authenticator.authenticate(exchange.request);
    } catch (error) {
      if (error instanceof AppError && error.status < 500) await this.countStranger(plan, exchange);
      throw error;
    }
    if (!actor) {
      await this.countStranger(plan, exchange);
      throw new AuthenticationFailed();
    }
    exchange.actor = actor;
    if (plan.policy) await this.count(plan.policy, `user:${actor.id}`, 'user', exchange);
    return actor;
  }

  private async countStranger({ strangerPolicy }: RoutePlan, exchange: Exchange): Promise<void> {
    if (strangerPolicy) await this.count(strangerPolicy, addressSubject(exchange.clientAddress), 'ip', exchange);
  }

  private async count(
    policy: RateLimitPolicy,
    subject: string,
    clientType: 'user' | 'ip',
    exchange: Exchange,
  ): Promise<void> {
    const decided = this.limiter.consume(policy, subject);
    const decision = decided instanceof Promise ? await decided : decided;
    setRateLimitHeaders(exchange.response, decision);
    if (decision.allowed) return;
    this.metrics.rateLimitHit(exchange.report?.template, clientType);
    throw new RateLimitExceeded(decision.retryAfter);
  }

  private async requireFeature(flag: string, actor: Actor, request: HttpRequest): Promise<void> {
    // Off looks like a route that does not exist.
    if (!(await this.ports.featureGate.enabled(flag, actor))) throw new NotFound('Route', request.path);
  }
}

async function readInto(request: HttpRequest, plan: RoutePlan): Promise<void> {
  if (plan.body === 'raw') request.rawBody = await readBytes(request, plan.bodyLimit);
  else request.body = await readJsonBody(request, plan.bodyLimit);
}

function refuseUnstorableParameters(request: HttpRequest): void {
  for (const value of Object.values(request.params)) {
    const problem = problemOfText(String(value));
    if (problem) throw new BadRequest(`The path holds ${problem}`);
  }
}

import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { type Actor, ANONYMOUS, AppError, asOneself, AuthenticationFailed, BadRequest } from '@platform/kernel';
import { ONESELF, type RateLimitKey, TENANT_HEADER } from '@platform/security';
import { problemOfText } from '../body/json-text';
import { readBytes, readJsonBody } from '../body/read-body';
import { RequestReport } from '../edge/request-report';
import { type Exchange, exchangeOf, type HttpRequest } from '../exchange';
import { AccessJudge } from './access-judge';
import { CallCounter } from './call-counter';
import { Ports } from './ports';
import { RouteCensus } from './route-census';
import { type Handler, type RoutePlan } from './route-plan';

const NOT_BEARER = 'The Authorization header has no Bearer in it: send "Authorization: Bearer <token>"';

/** The steps of the pipeline that decide whether a call may come in: see `pipeline.ts` for their order. */
@Injectable()
export class PipelineGuard implements CanActivate {
  constructor(
    private readonly census: RouteCensus,
    private readonly counter: CallCounter,
    private readonly ports: Ports,
    private readonly report: RequestReport,
    private readonly access: AccessJudge,
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
    await this.access.judge(plan, actor, request);
    if (request.url.includes('%')) refuseUnstorableParameters(request);
    if (plan.strangerKey) await this.readCounted(plan, plan.strangerKey, exchange);
    else if (plan.body !== 'none') await readInto(request, plan);
    return true;
  }

  private async admitStranger(plan: RoutePlan, exchange: Exchange): Promise<Actor> {
    exchange.actor = ANONYMOUS;
    if (!plan.strangerKey) await this.counter.stranger(plan.strangerPolicy, exchange);
    return ANONYMOUS;
  }

  /** A body that cannot be read names nobody, and is counted all the same. */
  private async readCounted(plan: RoutePlan, key: RateLimitKey, exchange: Exchange): Promise<void> {
    try {
      await readInto(exchange.request, plan);
    } catch (error) {
      if (isRefusal(error)) await this.counter.keyed(plan.strangerPolicy, null, exchange);
      throw error;
    }
    await this.counter.keyed(plan.strangerPolicy, key.of(exchange.request), exchange);
  }

  private async admitCaller(plan: RoutePlan, exchange: Exchange): Promise<Actor> {
    // Also on refusals: what a signed-in caller gets is nobody else's, and no cache's.
    exchange.response.setHeader('Cache-Control', 'no-store');
    let actor: Actor | null = null;
    try {
      actor = await this.ports.authenticator.authenticate(exchange.request);
    } catch (error) {
      if (isRefusal(error)) await this.counter.stranger(plan.strangerPolicy, exchange);
      throw error;
    }
    if (!actor) {
      await this.counter.stranger(plan.strangerPolicy, exchange);
      throw new AuthenticationFailed(exchange.request.headers.authorization === undefined ? undefined : NOT_BEARER);
    }
    if (actor.leftTenantId !== undefined) exchange.response.setHeader(TENANT_HEADER.name, ONESELF);
    const acting = plan.forOneself ? asOneself(actor) : actor;
    exchange.actor = acting;
    await this.counter.caller(plan.policy, acting, exchange);
    return acting;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.status < 500;
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

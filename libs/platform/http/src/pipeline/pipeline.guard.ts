import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import {
  AccessDenied,
  type Actor,
  ANONYMOUS,
  AppError,
  asOneself,
  AuthenticationFailed,
  BadRequest,
} from '@platform/kernel';
import { ONESELF, type RateLimitKey, TENANT_HEADER } from '@platform/security';
import { problemOfText } from '../body/json-text';
import { readBytes, readJsonBody } from '../body/read-body';
import { isOwn } from '../entry/cors';
import { RequestReport } from '../entry/request-report';
import { type HttpRequest } from '../http-request';
import { type RequestContext, requestContextOf } from '../request-context';
import { Authorizer } from './authorizer';
import { CallCounter } from './call-counter';
import { Ports } from './ports';
import { RouteRegistry } from './route-registry';
import { type Handler, type RoutePlan } from './route-plan';

const NO_BROWSER_SESSION =
  'This page takes a browser session: open the link that POST /api/v1/admin/browser-session answers';
const NOT_BEARER = 'The Authorization header has no Bearer in it: send "Authorization: Bearer <token>"';

/** The steps of the pipeline that decide whether a call may come in: see `pipeline.ts` for their order. */
@Injectable()
export class PipelineGuard implements CanActivate {
  constructor(
    private readonly registry: RouteRegistry,
    private readonly counter: CallCounter,
    private readonly ports: Ports,
    private readonly report: RequestReport,
    private readonly authorizer: Authorizer,
  ) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    // Sockets come in by the handshake.
    if (execution.getType() !== 'http') return true;
    const request = execution.getArgByIndex<HttpRequest>(0);
    const context = requestContextOf(request);
    // Nest hands out the function that the registry found, as the widest type of function.
    const plan = this.registry.planOf(execution.getClass(), execution.getHandler() as Handler);
    context.plan = plan;
    this.report.routed(context);

    if (plan.inBrowser) refuseOtherOrigins(request);
    const actor = plan.isPublic ? await this.admitStranger(plan, context) : await this.admitCaller(plan, context);
    await this.authorizer.authorize(plan, actor, request);
    if (request.url.includes('%')) refuseUnstorableParameters(request);
    if (plan.strangerKey) await this.readCounted(plan, plan.strangerKey, context);
    else if (plan.body !== 'none') await readInto(request, plan);
    return true;
  }

  private async admitStranger(plan: RoutePlan, context: RequestContext): Promise<Actor> {
    context.actor = ANONYMOUS;
    if (!plan.strangerKey) await this.counter.stranger(plan.strangerPolicy, context);
    return ANONYMOUS;
  }

  /** A body that cannot be read names nobody, and is counted all the same. */
  private async readCounted(plan: RoutePlan, key: RateLimitKey, context: RequestContext): Promise<void> {
    try {
      await readInto(context.request, plan);
    } catch (error) {
      if (isRefusal(error)) await this.counter.keyed(plan.strangerPolicy, null, context);
      throw error;
    }
    await this.counter.keyed(plan.strangerPolicy, key.of(context.request), context);
  }

  private async admitCaller(plan: RoutePlan, context: RequestContext): Promise<Actor> {
    // Also on refusals: what a signed-in caller gets is nobody else's, and no cache's.
    context.response.setHeader('Cache-Control', 'no-store');
    let actor: Actor | null = null;
    try {
      actor = plan.inBrowser
        ? await this.ports.browserSessions.actorOf(context.request)
        : await this.ports.authenticator.authenticate(context.request);
    } catch (error) {
      if (isRefusal(error)) await this.counter.stranger(plan.strangerPolicy, context);
      throw error;
    }
    if (!actor) {
      await this.counter.stranger(plan.strangerPolicy, context);
      throw strangerAt(plan, context.request);
    }
    if (actor.leftTenantId !== undefined) context.response.setHeader(TENANT_HEADER.name, ONESELF);
    const acting = plan.forOneself ? asOneself(actor) : actor;
    context.actor = acting;
    await this.counter.caller(plan.policy, acting, context);
    return acting;
  }
}

/** A cookie comes along whoever made the browser ask. */
function refuseOtherOrigins({ headers }: HttpRequest): void {
  if (headers.origin !== undefined && !isOwn(headers.origin, headers.host)) {
    throw new AccessDenied('A page of another origin may not read this: open it in a tab of its own');
  }
}

function strangerAt(plan: RoutePlan, { headers }: HttpRequest): AuthenticationFailed {
  if (plan.inBrowser) return new AuthenticationFailed(NO_BROWSER_SESSION);
  return new AuthenticationFailed(headers.authorization === undefined ? undefined : NOT_BEARER);
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

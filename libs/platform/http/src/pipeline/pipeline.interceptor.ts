import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { auditEntryOf, AuditTrail } from '@platform/audit';
import { Database } from '@platform/database';
import { type Actor, ANONYMOUS } from '@platform/kernel';
import { type IdempotencyClaim } from '@platform/security';
import { from, lastValueFrom, map, type Observable } from 'rxjs';
import { type HttpRequest } from '../http-request';
import { type RequestContext, requestContextOf } from '../request-context';
import { Idempotency } from './idempotency';
import { Ports } from './ports';
import { Presenter } from './presenter';
import { type RoutePlan } from './route-plan';

/** The steps of the pipeline around the controller: see `pipeline.ts` for their order. */
@Injectable()
export class PipelineInterceptor implements NestInterceptor {
  constructor(
    private readonly database: Database,
    private readonly trail: AuditTrail,
    private readonly idempotency: Idempotency,
    private readonly ports: Ports,
    private readonly presenter: Presenter,
  ) {}

  intercept(execution: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (execution.getType() !== 'http') return next.handle();
    const context = requestContextOf(execution.getArgByIndex<HttpRequest>(0));
    const { plan } = context;
    if (!plan?.writes) return next.handle().pipe(map((value) => this.presenter.present(value, context)));
    return from(this.write(plan, context, next));
  }

  private async write(plan: RoutePlan, context: RequestContext, next: CallHandler): Promise<unknown> {
    const value = plan.idempotent ? await this.once(plan, context, next) : await this.work(plan, context, next);
    return this.presenter.present(value, context);
  }

  private async once(plan: RoutePlan, context: RequestContext, next: CallHandler): Promise<unknown> {
    const keyed = await this.idempotency.begin(context);
    if (keyed.kind === 'replay') return keyed.value;
    if (keyed.kind === 'unkeyed') return this.work(plan, context, next);
    try {
      return await this.work(plan, context, next, keyed.claim);
    } catch (error) {
      await this.idempotency.release(keyed.claim);
      throw error;
    }
  }

  /** One transaction: what the controller did, its count, its audit row and its stored answer, all or nothing. */
  private work(
    plan: RoutePlan,
    context: RequestContext,
    next: CallHandler,
    claim?: IdempotencyClaim,
  ): Promise<unknown> {
    const actor: Actor = context.actor ?? ANONYMOUS;
    return this.database.unitOfWork(async () => {
      if (plan.quota !== undefined) await this.ports.quotaLedger.reserve(plan.quota, actor);
      const value: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      if (plan.metric !== undefined) await this.ports.usageLedger.count(plan.metric, actor, 1);
      if (claim) await this.idempotency.complete(claim, value, context);
      // Last: it locks the audit chain until the commit.
      if (plan.audit) await this.trail.conclude(auditEntryOf(plan.audit, context.request.params));
      return value;
    });
  }
}

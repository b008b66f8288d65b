import { Injectable } from '@nestjs/common';
import { AccessDenied, type Actor, AppError, Clock, may, NotFound } from '@platform/kernel';
import { AccessConfig, isFreshlyProved, SecondFactorRequired, StepUpRequired } from '@platform/security';
import { type HttpRequest } from '../http-request';
import { Ports } from './ports';
import { type RoutePlan } from './route-plan';

/** Says whether a known caller may call a route. */
@Injectable()
export class Authorizer {
  private readonly stepUpSeconds: number;

  constructor(
    private readonly ports: Ports,
    private readonly clock: Clock,
    config: AccessConfig,
  ) {
    this.stepUpSeconds = config.stepUpMinutes * 60;
  }

  /** @throws AccessDenied, SecondFactorRequired, StepUpRequired, TenantLeft; NotFound while the feature of the route is off */
  async authorize(plan: RoutePlan, actor: Actor, request: HttpRequest): Promise<void> {
    if (plan.permission !== undefined && !may(actor, plan.permission)) throw refusal(actor, plan.permission);
    if (plan.stepUp && !isFreshlyProved(actor, this.stepUpSeconds, this.clock.now())) {
      throw actor.apiKeyId === undefined ? new StepUpRequired(this.stepUpSeconds) : new NotWithApiKey();
    }
    // What was meant for others must not land among the person's own; the next request is meant for them.
    if (actor.leftTenantId !== undefined && plan.changes && !plan.forOneself) throw new TenantLeft(actor.leftTenantId);
    if (plan.feature !== undefined && !(await this.ports.featureGate.enabled(plan.feature, actor))) {
      // Off looks like a route that does not exist.
      throw new NotFound('Route', request.path);
    }
  }
}

function refusal(actor: Actor, permission: string): Error {
  if (actor.withheld?.has(permission)) return new SecondFactorRequired(permission);
  return new AccessDenied('You do not have the permission for this', { permission });
}

/** 409: the session acted for a tenant whose member its person is no more. */
class TenantLeft extends AppError {
  constructor(id: string) {
    super(
      'You are no longer a member of the organization that this sign-in acted for; it acts for yourself now. Repeat the ' +
        'request if it is meant for you, or switch to another organization first (POST /app/auth/organization)',
      { status: 409, code: 'ORGANIZATION_LEFT', details: { resource: 'Organization', id } },
    );
  }
}

/** 403: dangerous acts take a person who is there, not a key that is lying around. */
class NotWithApiKey extends AccessDenied {
  constructor() {
    super('This cannot be done with an API key; sign in');
  }
}

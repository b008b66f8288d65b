import { Injectable } from '@nestjs/common';
import { AccessDenied, type Actor, Clock, may, NotFound } from '@platform/kernel';
import { AccessConfig, isFreshlyProved, SecondFactorRequired, StepUpRequired } from '@platform/security';
import { type HttpRequest } from '../exchange';
import { Ports } from './ports';
import { type RoutePlan } from './route-plan';

/** Says whether a known caller may call a route. */
@Injectable()
export class AccessJudge {
  private readonly stepUpSeconds: number;

  constructor(
    private readonly ports: Ports,
    private readonly clock: Clock,
    config: AccessConfig,
  ) {
    this.stepUpSeconds = config.stepUpMinutes * 60;
  }

  /** @throws AccessDenied, SecondFactorRequired, StepUpRequired; NotFound while the feature of the route is off */
  async judge(plan: RoutePlan, actor: Actor, request: HttpRequest): Promise<void> {
    if (plan.permission !== undefined && !may(actor, plan.permission)) throw refusal(actor, plan.permission);
    if (plan.stepUp && !isFreshlyProved(actor, this.stepUpSeconds, this.clock.now())) {
      throw actor.apiKeyId === undefined ? new StepUpRequired(this.stepUpSeconds) : new NotWithApiKey();
    }
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

/** 403: dangerous acts take a person who is there, not a key that is lying around. */
class NotWithApiKey extends AccessDenied {
  constructor() {
    super('This cannot be done with an API key; sign in');
  }
}

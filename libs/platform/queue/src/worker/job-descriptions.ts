import { Injectable } from '@nestjs/common';
import { type Handler } from './handler';
import { HandlerRegistry } from './handler-registry';

/** One thing that this process does, as `omni jobs` and the generated reference show it. */
export interface JobDescription {
  readonly kind: Handler['kind'];
  /** Of the job or the schedule; `Class.method` of a listener. */
  readonly name: string;
  /** `Class.method`. */
  readonly handler: string;
  /** The contract's own sentence. */
  readonly summary?: string;
  /** The cron expression of a schedule, the event's type of a listener. */
  readonly on?: string;
  readonly attempts: number;
  readonly timeout_ms: number;
  /** The action, or `none: <why>`. */
  readonly audit?: string;
}

const ORDER: readonly Handler['kind'][] = ['job', 'cron', 'listener'];

/** Every job, schedule and listener of the process, for people. */
@Injectable()
export class JobDescriptions {
  constructor(private readonly registry: HandlerRegistry) {}

  /** Jobs, then schedules, then listeners, each by name. */
  describe(): JobDescription[] {
    return this.registry
      .all()
      .map(rowOf)
      .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.name.localeCompare(b.name));
  }
}

function rowOf({ attempts, audit, kind, name, place, rule, timeoutMs }: Handler): JobDescription {
  return {
    kind,
    name,
    handler: place,
    ...(rule.kind === 'job' && { summary: rule.contract.summary }),
    ...(rule.kind === 'cron' && { on: rule.expression }),
    ...(rule.kind === 'listener' && { on: rule.event.type }),
    attempts,
    timeout_ms: timeoutMs,
    ...(audit && { audit: audit.audited ? audit.action : `none: ${audit.why}` }),
  };
}

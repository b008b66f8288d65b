import { type AuditRule } from '@platform/audit';
import { type JsonObject } from '@platform/kernel';
import { type JobKind } from '../ledger/job-record';
import { type HandlerRule } from './handler.decorators';
import { type JobRun } from './job-run';

/** A method that does work, ready to call. */
export interface Handler {
  readonly kind: Exclude<JobKind, 'event'>;
  /** Of the job, of the schedule; `Class.method` of a listener. */
  readonly name: string;
  /** `Class.method`. */
  readonly place: string;
  readonly rule: HandlerRule;
  readonly audit: AuditRule | undefined;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly timeoutMs: number;
  /** Flag of `@RequireFeature`: off means that the work is skipped. */
  readonly feature: string | undefined;
  /** Metric of `@Meter`. */
  readonly metric: string | undefined;
  call(payload: JsonObject, run: JobRun): Promise<unknown>;
}

import { type JsonObject } from './json';

/** How a job behaves, beside what it does. */
export interface JobOptions {
  /** `<domain>.<verb>`, stable: rows that wait in the database carry it. */
  name: string;
  /** One sentence for the operator. */
  summary: string;
  /** Attempts in all, 1–20; default 3. */
  attempts?: number;
  /** First delay before trying again, milliseconds, doubled each time up to one hour; default 1,000. */
  backoffMs?: number;
  /** One attempt may take this long, milliseconds; default 300,000. */
  timeoutMs?: number;
}

/** The contract of a job: any domain may enqueue it, exactly one handler does it. */
export interface JobContract<P extends JsonObject = JsonObject> extends Required<JobOptions> {
  /** Carries the payload's type; never set. */
  readonly payload?: P;
}

const JOBS = new WeakSet<object>();

/** Whether something that a contract exports is a job. */
export function isJobContract(exported: unknown): exported is JobContract {
  return typeof exported === 'object' && exported !== null && JOBS.has(exported);
}

/** Declare a job. The type parameter is its payload: JSON, ids rather than entities. */
export function defineJob<P extends JsonObject = JsonObject>(options: JobOptions): JobContract<P> {
  const contract = Object.freeze({ attempts: 3, backoffMs: 1_000, timeoutMs: 300_000, ...options });
  JOBS.add(contract);
  return contract;
}

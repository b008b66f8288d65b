import { Injectable } from '@nestjs/common';
import { type JobContract, type JsonObject } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { DeclaredWork } from './declared-work';
import { type Message, Outbox } from './outbox';

/** Largest payload, characters of JSON: a row is a message, not a file. */
const MAX_PAYLOAD = 262_144;
const MAX_KEY = 300;

/** How one enqueued job differs from the others of its contract. */
export interface EnqueueOptions {
  /** While a row of this name and key exists (waiting, running or retained) a second one is not written; ≤ 300 characters. */
  key?: string;
  /** Earliest start, milliseconds from now; default 0. */
  delayMs?: number;
}

/** Asks for work to be done later, by whichever worker is free. */
@Injectable()
export class Jobs {
  constructor(
    private readonly declared: DeclaredWork,
    private readonly outbox: Outbox,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Write the job in the running transaction: it runs if and only if that commits.
   * @returns the job's id, or null when its key folds it into one that is there
   * @throws Error when no domain declares the contract, or the payload is larger than 256 kB of JSON
   */
  async enqueue<P extends JsonObject>(
    contract: JobContract<P>,
    payload: NoInfer<P>,
    options: EnqueueOptions = {},
  ): Promise<string | null> {
    this.check(contract.name, payload, options);
    const message: Message = {
      kind: 'job',
      name: contract.name,
      key: options.key ?? null,
      payload,
      maxAttempts: contract.attempts,
      delayMs: Math.max(0, options.delayMs ?? 0),
    };
    return this.outbox.write(message, () => this.metrics.jobEnqueued(contract.name));
  }

  private check(name: string, payload: JsonObject, options: EnqueueOptions): void {
    if (!this.declared.jobs.has(name)) {
      throw new Error(`Job '${name}' is not declared: add its contract to \`jobs\` of the @Domain that owns it`);
    }
    const size = JSON.stringify(payload).length;
    if (size > MAX_PAYLOAD) {
      throw new Error(
        `The payload of job '${name}' has ${size} characters, ${MAX_PAYLOAD} are allowed: pass an id instead`,
      );
    }
    if (options.key !== undefined && options.key.length > MAX_KEY) {
      throw new Error(`The key of job '${name}' has ${options.key.length} characters, ${MAX_KEY} are allowed: hash it`);
    }
  }
}

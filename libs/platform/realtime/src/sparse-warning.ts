import { performance } from 'node:perf_hooks';
import { type Log } from '@platform/observability';

const EVERY_MS = 60_000;

/** A warning that nobody can multiply: one line a minute at most, with how often there was cause for it. */
export class SparseWarning {
  private untold = 0;
  private toldAt = -Infinity;

  constructor(
    private readonly log: Log,
    private readonly message: string,
  ) {}

  /** There is cause; `facts` are those of the present one. */
  warn(facts: Readonly<Record<string, unknown>>): void {
    this.untold += 1;
    const now = performance.now();
    if (now - this.toldAt < EVERY_MS) return;
    this.log.warn(this.message, { times: this.untold, ...facts });
    this.untold = 0;
    this.toldAt = now;
  }
}

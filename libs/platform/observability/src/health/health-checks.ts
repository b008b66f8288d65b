import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, ServiceUnavailableException } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { BootRefused } from '@platform/kernel';
import { Log } from '../log';

/** What a check may say besides that it worked. */
export interface HealthFacts {
  /** Product and version of the server that answered. */
  readonly version?: string;
  /** false: this part is not used in the present configuration. */
  readonly configured?: false;
  /** Works, but somebody should look: one sentence for the operator, logged and not shown. */
  readonly impaired?: string;
  /** Milliseconds by which this machine's clock is ahead of the server's. */
  readonly clockOffsetMs?: number;
}

/** Asks one part whether it works; throws when it does not, BootRefused when it takes an operator to mend it. */
export type HealthCheck = () => Promise<HealthFacts | void>;

/** One part in a {@link HealthReport}. */
export interface ComponentHealth {
  readonly status: 'healthy' | 'degraded' | 'unhealthy' | 'not_configured';
  /** Time of the check, two decimals. */
  readonly latencyMs: number | null;
  readonly version: string | null;
  /** One of our own words, never a driver's text. */
  readonly error: string | null;
  readonly clockOffsetMs: number | null;
}

/** What readiness answers. */
export interface HealthReport {
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly components: Readonly<Record<string, ComponentHealth>>;
}

interface Registered {
  readonly check: HealthCheck;
  readonly critical: boolean;
}

const CHECK_TIMEOUT_MS = 500;
const FRESH_MS = 1_000;
// A probe that meets a slow check is answered with what was known a moment ago rather than kept waiting.
const PATIENCE_MS = 200;
const STALE_MS = 2_000;

/** The checks behind readiness: each cut off after 500 ms, all run at most once a second whoever asks. */
@Injectable()
export class HealthChecks {
  private readonly log = Log.for('health');
  private readonly checks = new Map<string, Registered>();
  private readonly lastSaid = new Map<string, string>();
  private running?: Promise<HealthReport>;
  private last?: { readonly report: HealthReport; readonly at: number };

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly terminus: HealthCheckService,
  ) {}

  /** Add a part. When a `critical` one fails the process is unhealthy, else degraded. */
  register(name: string, check: HealthCheck, options: { critical: boolean }): void {
    this.checks.set(name, { check, critical: options.critical });
  }

  /** The state of every part, at most a second old; up to two while a check is slow. */
  async report(): Promise<HealthReport> {
    const age = this.last ? performance.now() - this.last.at : Infinity;
    if (this.last && age < FRESH_MS) return this.last.report;
    this.running ??= this.run().finally(() => (this.running = undefined));
    if (!this.last || age > STALE_MS) return this.running;
    return Promise.race([this.running, sleep(PATIENCE_MS, this.last.report, { ref: false })]);
  }

  private async run(): Promise<HealthReport> {
    const components: Record<string, ComponentHealth> = {};
    const attempts = [...this.checks].map(([name, registered]) => async () => {
      const component = await this.attempt(name, registered.check);
      components[name] = component;
      const session = this.indicators.check(name);
      if (component.status === 'unhealthy' && registered.critical) return session.down();
      return component.status === 'healthy' || component.status === 'not_configured'
        ? session.up()
        : session.degraded();
    });
    const { status } = await outcome(this.terminus.check(attempts));
    const overall = status === 'ok' ? 'healthy' : status === 'degraded' ? 'degraded' : 'unhealthy';
    const report = { status: overall, components } as const;
    this.last = { report, at: performance.now() };
    return report;
  }

  private async attempt(name: string, check: HealthCheck): Promise<ComponentHealth> {
    const started = performance.now();
    let facts: HealthFacts = {};
    let failure: unknown;
    const { [name]: result } = await this.indicators
      .check(name)
      .attempt(async () => {
        try {
          facts = (await check()) ?? {};
        } catch (error) {
          failure = error;
          throw error;
        }
      })
      .withTimeout(CHECK_TIMEOUT_MS);
    const failed = result?.status !== 'up';
    const error = failed ? sentenceOf(failure) : null;
    this.say(name, error ?? facts.impaired, failure instanceof BootRefused ? undefined : failure);
    return {
      status: failed
        ? 'unhealthy'
        : facts.configured === false
          ? 'not_configured'
          : facts.impaired
            ? 'degraded'
            : 'healthy',
      latencyMs: facts.configured === false ? null : Math.round((performance.now() - started) * 100) / 100,
      version: facts.version ?? null,
      error,
      clockOffsetMs: facts.clockOffsetMs ?? null,
    };
  }

  /** One line when a part's state changes, not one per probe. */
  private say(name: string, trouble: string | undefined, error: unknown): void {
    const before = this.lastSaid.get(name);
    if (before === trouble) return;
    if (trouble === undefined) {
      this.lastSaid.delete(name);
      this.log.info(`${name} is well again`, { component: name });
      return;
    }
    this.lastSaid.set(name, trouble);
    this.log.warn(`${name}: ${trouble}`, { component: name, ...(error !== undefined && { error }) });
  }
}

function sentenceOf(failure: unknown): string {
  if (failure === undefined) return `no answer within ${CHECK_TIMEOUT_MS} ms`;
  // What would refuse the boot: our own words, with the fix.
  return failure instanceof BootRefused ? failure.problems.join('; ') : 'not reachable';
}

/** Terminus throws its result when a part is down. */
async function outcome(check: Promise<HealthCheckResult>): Promise<Pick<HealthCheckResult, 'status'>> {
  try {
    return await check;
  } catch (error) {
    if (error instanceof ServiceUnavailableException) return { status: 'error' };
    throw error;
  }
}

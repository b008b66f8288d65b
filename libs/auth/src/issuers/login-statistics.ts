import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type User, UserDirectory } from '@omni/users';
import { Database } from '@platform/database';
import { Clock } from '@platform/kernel';
import { Log, Metrics } from '@platform/observability';

/** People whose last sign-in is younger are not counted anew, milliseconds. */
export const QUIET_MS = 900_000;

/** How long counts are collected, milliseconds. */
export const COLLECT_MS = 5_000;

/** People who wait to be counted; beyond it the newest are left out of the statistics, not of the system. */
const MOST_WAITING = 10_000;

/** Counts sign-ins of people whose tokens come from elsewhere: no request writes, and two processes count once. */
@Injectable()
export class LoginStatistics implements OnModuleDestroy {
  private readonly log = Log.for('auth');
  private waiting = new Map<string, string>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly users: UserDirectory,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {}

  /** Somebody is here with a token of `provider`. Costs nothing while their last sign-in is younger than {@link QUIET_MS}. */
  note({ id, lastLoginAt }: User, provider: string): void {
    if (lastLoginAt && this.clock.now().getTime() - lastLoginAt.getTime() < QUIET_MS) return;
    if (this.waiting.size >= MOST_WAITING) return;
    this.waiting.set(id, provider);
    this.timer ??= this.later();
  }

  /** Write what was collected; one statement for each person, which touches no row when they were counted meanwhile. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const collected = this.waiting;
    this.waiting = new Map();
    for (const [id, provider] of collected) {
      if (await this.users.recordLaterLogin(id, QUIET_MS)) this.metrics.authEvent('login', provider);
    }
  }

  /** The last counts of this process. */
  onModuleDestroy(): Promise<void> {
    return this.flushed();
  }

  private later(): NodeJS.Timeout {
    const timer = setTimeout(() => void this.flushed(), COLLECT_MS);
    return timer.unref();
  }

  private async flushed(): Promise<void> {
    try {
      // The timer was set in the middle of somebody's request; its transaction is none of ours.
      await this.database.detached(() => this.flush());
    } catch (error) {
      this.log.warn('Sign-ins with tokens of other issuers could not be counted', { error });
    }
  }
}

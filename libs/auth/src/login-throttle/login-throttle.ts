import { Injectable } from '@nestjs/common';
import { Database, toDate } from '@platform/database';
import { Clock, Ids } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { sha256Hex } from '@platform/security';
import { AuthConfig } from '../auth.config';
import { TooManyAttempts } from '../auth.errors';
import * as sql from './login-throttle.statements';

/** Failures in a row are forgotten this long after the last one, milliseconds. */
const FORGET_AFTER_MS = 86_400_000;

/** Guesses at the password of whoever has the address; the same for an address that nobody has. */
export function passwordGuesses(email: string): string {
  return sha256Hex(`password:${email.trim().toLowerCase()}`);
}

/** Guesses at the second factor of a user. */
export function codeGuesses(userId: string): string {
  return sha256Hex(`code:${userId}`);
}

/**
 * Lockout with backoff. An attempt is counted before it is made, in a statement that everybody queues at, so guesses at
 * once count one by one.
 */
@Injectable()
export class LoginThrottle {
  constructor(
    private readonly database: Database,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Count an attempt; before the caller has a transaction, because the count must outlive the rollback of a refusal.
   * @throws TooManyAttempts while the subject is blocked, also for who knows the answer
   */
  async reserve(subject: string): Promise<void> {
    const { lockoutAfter, lockoutMaxSeconds, lockoutSeconds } = this.config;
    const now = this.clock.now();
    const [reserved] = await this.database.detached(() =>
      this.database.query<sql.ReservedRow>(sql.RESERVE, {
        id: this.ids.next(),
        subject,
        now,
        limit: lockoutAfter,
        first: lockoutSeconds,
        most: lockoutMaxSeconds,
      }),
    );
    if (reserved) return;
    this.metrics.authFailure('rate_limited');
    throw new TooManyAttempts(await this.secondsLeft(subject, now));
  }

  /** The attempt was right: what was counted is forgotten, with the caller's transaction if there is one, else at once. */
  async clear(subject: string): Promise<void> {
    const clear = () => this.database.execute(sql.CLEAR, { subject });
    await (this.database.inTransaction ? clear() : this.database.detached(clear));
  }

  /** Remove at most `limit` subjects that nobody guessed at for a day; returns how many are gone. */
  purge(limit: number): Promise<number> {
    const before = new Date(this.clock.now().getTime() - FORGET_AFTER_MS);
    return this.database.execute(sql.PURGE, { before, limit });
  }

  private async secondsLeft(subject: string, now: Date): Promise<number> {
    const [row] = await this.database.query<sql.BlockRow>(sql.FIND_BLOCK, { subject });
    const until = row?.blocked_until ? toDate(row.blocked_until).getTime() : 0;
    return Math.max(1, Math.ceil((until - now.getTime()) / 1_000));
  }
}

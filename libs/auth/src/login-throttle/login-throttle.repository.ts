import { Injectable } from '@nestjs/common';
import { type Dialect, repositoryOf } from '@platform/database';
import { LoginThrottleRow } from '../entities/login-throttle.entity';

// The n-th failure from the limit on blocks for first × 2ⁿ seconds, at most `most`. Twenty doublings are enough for any.
const PAUSE = {
  postgres: `CAST(:now AS timestamptz) + make_interval(secs =>
    LEAST(CAST(:most AS integer), CAST(:first AS integer) * POWER(2, LEAST(20, {n} - CAST(:limit AS integer)))))`,
  sqlite: `strftime('%Y-%m-%dT%H:%M:%fZ', :now, '+' || MIN(:most, :first << MIN(20, {n} - :limit)) || ' seconds')`,
};

function reserve(dialect: Dialect): string {
  const time = (name: string) => (dialect === 'postgres' ? `CAST(:${name} AS timestamptz)` : `:${name}`);
  // A row of before there were two buckets has no beginning; its count begins anew.
  const goesOn = `login_throttles.began_at > ${time('forget_before')}`;
  const n = `CASE WHEN ${goesOn} THEN login_throttles.failures + 1 ELSE 1 END`;
  const block = (count: string) =>
    `CASE WHEN ${count} >= CAST(:limit AS integer) THEN ${PAUSE[dialect].replace('{n}', count)} END`;
  return `
    INSERT INTO login_throttles (id, target, subject, failures, blocked_until, began_at, updated_at)
    VALUES (:id, :target, :subject, 1, ${block('1')}, ${time('now')}, ${time('now')})
    ON CONFLICT (subject) DO UPDATE SET
      target = excluded.target, failures = ${n}, blocked_until = ${block(n)},
      began_at = CASE WHEN ${goesOn} THEN login_throttles.began_at ELSE excluded.began_at END,
      updated_at = excluded.updated_at
      WHERE login_throttles.blocked_until IS NULL OR login_throttles.blocked_until <= excluded.updated_at
    RETURNING failures`;
}

/** An attempt to count. */
export interface Reservation {
  readonly target: string;
  readonly subject: string;
  readonly now: Date;
  /** A count that began before then begins anew. */
  readonly forgetBefore: Date;
  /** Attempts from which on they wait. */
  readonly limit: number;
  /** Seconds of the first wait, and of the longest. */
  readonly first: number;
  readonly most: number;
}

/** Named queries on counts of guesses. */
@Injectable()
export class LoginThrottleRepository extends repositoryOf(LoginThrottleRow) {
  private readonly bucket = this.rows('subject = :subject');
  private readonly others = this.rows('target = :target AND subject <> :subject');
  private readonly old = this.rows('updated_at < :before').orderedBy('updated_at');
  /** Counts an attempt before it is made; no row while the bucket is blocked. Attempts at once queue at the row. */
  private readonly reserving = this.statement('reserve', {
    postgres: reserve('postgres'),
    sqlite: reserve('sqlite'),
  });
  /** As if the attempt had never been counted: it could be made, so nothing was blocked before. */
  private readonly givingBack = this.statement(
    'give_back',
    `UPDATE login_throttles SET failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END, blocked_until = NULL
     WHERE subject = :subject`,
  );

  /** Count an attempt; false while its bucket is blocked. */
  async reserve({ forgetBefore: forget_before, ...attempt }: Reservation): Promise<boolean> {
    const values = { id: this.store.ids.next(), forget_before, ...attempt };
    return (await this.database.query(this.reserving, values)).length > 0;
  }

  /** Until when nobody may guess; null when everybody may. */
  async blockedUntil(subject: string): Promise<Date | null> {
    return (await this.bucket.one({ subject }))?.blockedUntil ?? null;
  }

  /** Begin anew. */
  async clear(subject: string): Promise<void> {
    await this.bucket.deleteAll({ subject });
  }

  /** Take one attempt off. */
  async giveBack(subject: string): Promise<void> {
    await this.database.execute(this.givingBack, { subject });
  }

  /** Every bucket of the target but that of the account, which attempts lock last; then that one. */
  async forget(target: string, account: string): Promise<void> {
    await this.others.deleteAll({ target, subject: account });
    await this.clear(account);
  }

  /** Remove counts that nobody added to since; returns how many. */
  purge(before: Date): Promise<number> {
    return this.old.deleteInBatches({ before });
  }
}

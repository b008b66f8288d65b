import { Injectable } from '@nestjs/common';
import { Database, toDate } from '@platform/database';
import { Clock, currentContext, Ids } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { sha256Hex } from '@platform/crypto';
import { EMAIL_ADDRESS, networkOf } from '@platform/security';
import { AuthConfig } from '../auth.config';
import { TooManyAttempts } from '../auth.errors';
import * as sql from './login-throttle.statements';

/** A count begins anew this long after its first guess, milliseconds. */
const FORGET_AFTER_MS = 86_400_000;
/** All networks together may guess at an account so many times as often as one of them. */
const ACCOUNT_FACTOR = 10;

/** What is guessed at, and from where. */
export interface Guess {
  /** SHA-256: of an account's password or of its codes. */
  readonly target: string;
  /** A device that signed in to the account before, or a session of it. */
  readonly device?: string;
}

/** A guess at the password of whoever has the address; the same for an address that nobody has. */
export function passwordGuess(email: string, device?: string): Guess {
  return { target: sha256Hex(`password:${EMAIL_ADDRESS.normalise(email)}`), device };
}

/** A guess at the second factor of a user. */
export function codeGuess(userId: string, device?: string): Guess {
  return { target: sha256Hex(`code:${userId}`), device };
}

/** The device that somebody is who is signed in; undefined without a session. */
export function sessionDevice(sessionId: string | undefined): string | undefined {
  return sessionId === undefined ? undefined : `session:${sessionId}`;
}

/** Guesses that are counted together. */
interface Bucket {
  readonly subject: string;
  /** Guesses after which the next one has to wait. */
  readonly limit: number;
}

/**
 * Lockout with backoff. Guesses are counted by account and network, and by account for all networks together. A device
 * that the account knows is counted by itself and by nothing else, so that strangers cannot keep it out. An attempt is
 * counted before it is made, in statements that everybody queues at, so guesses at once count one by one.
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
   * Count an attempt of the running request; before the caller has a transaction, because the count must outlive the
   * rollback of a refusal. A refused attempt does not count.
   * @throws TooManyAttempts while a bucket is blocked, also for somebody who knows the answer
   */
  async reserve(guess: Guess): Promise<void> {
    const now = this.clock.now();
    await this.database.detached(() =>
      this.database.transaction(async () => {
        // Always the account last: two that lock the same two rows never wait for each other.
        for (const bucket of this.bucketsOf(guess)) await this.count(guess.target, bucket, now);
      }),
    );
  }

  /**
   * The attempt was right: its device or network begins anew, and the account's count loses this attempt alone, because
   * the others were not its person's. With the caller's transaction if there is one, else at once.
   */
  async clear(guess: Guess): Promise<void> {
    const [own, account] = this.bucketsOf(guess);
    const clear = async () => {
      await this.database.execute(sql.CLEAR, { subject: own.subject });
      if (account) await this.database.execute(sql.GIVE_BACK, { subject: account.subject });
    };
    await (this.database.inTransaction ? clear() : this.database.detached(() => this.database.transaction(clear)));
  }

  /** What is guessed at is another one now: every count of it is forgotten, with the caller's transaction. */
  async forget({ target }: Guess): Promise<void> {
    const { subject } = this.accountBucket(target);
    await this.database.execute(sql.FORGET_PARTS, { target, subject });
    await this.database.execute(sql.CLEAR, { subject });
  }

  /** Remove at most `limit` counts that nobody added to for a day; returns how many are gone. */
  purge(limit: number): Promise<number> {
    const before = new Date(this.clock.now().getTime() - FORGET_AFTER_MS);
    return this.database.execute(sql.PURGE, { before, limit });
  }

  private bucketsOf({ device, target }: Guess): readonly [Bucket, ...Bucket[]] {
    const limit = this.config.lockoutAfter;
    if (device !== undefined) return [{ subject: sha256Hex(`${target} device ${device}`), limit }];
    const network = networkOf(currentContext()?.clientAddress ?? 'nowhere');
    return [{ subject: sha256Hex(`${target} network ${network}`), limit }, this.accountBucket(target)];
  }

  private accountBucket(target: string): Bucket {
    return { subject: sha256Hex(`${target} account`), limit: this.config.lockoutAfter * ACCOUNT_FACTOR };
  }

  private async count(target: string, { limit, subject }: Bucket, now: Date): Promise<void> {
    const { lockoutMaxSeconds, lockoutSeconds } = this.config;
    const [reserved] = await this.database.query<sql.ReservedRow>(sql.RESERVE, {
      id: this.ids.next(),
      target,
      subject,
      now,
      forget_before: new Date(now.getTime() - FORGET_AFTER_MS),
      limit,
      first: lockoutSeconds,
      most: lockoutMaxSeconds,
    });
    if (reserved) return;
    this.metrics.authFailure('rate_limited');
    throw new TooManyAttempts(await this.secondsLeft(subject, now));
  }

  private async secondsLeft(subject: string, now: Date): Promise<number> {
    const [row] = await this.database.query<sql.BlockRow>(sql.FIND_BLOCK, { subject });
    const until = row?.blocked_until ? toDate(row.blocked_until).getTime() : 0;
    return Math.max(1, Math.ceil((until - now.getTime()) / 1_000));
  }
}

import { Injectable } from '@nestjs/common';
import { Database, toDate } from '@platform/database';
import { Clock, Ids } from '@platform/kernel';
import { sha256Hex } from '@platform/crypto';
import { PasswordHasher } from '@platform/security';
import { LoginThrottle, passwordGuess } from '../login-throttle/login-throttle';
import * as sql from './local-credential.statements';

/** Whose password is shown: the account if there is one, and the address that it is asked of. */
export interface PasswordOwner {
  readonly id?: string;
  readonly email: string;
  /** The device that shows it, if the account knows it. */
  readonly device?: string;
}

/** A password that was checked and right. */
export interface ProvenPassword {
  readonly userId: string;
  /** The stored hash that it belongs to. */
  readonly hash: string;
}

/** Passwords of accounts, hashed with argon2id. */
@Injectable()
export class LocalCredentials {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** The hash to store; slow on purpose, so call it before there is a transaction. */
  hash(password: string): Promise<string> {
    return this.passwords.hash(password);
  }

  /** Give the account its first password, and with it the identity `local`. */
  async add(userId: string, passwordHash: string): Promise<void> {
    const now = this.clock.now();
    await this.database.execute(sql.IDENTIFY, { id: this.ids.next(), subject: userId, user_id: userId, now });
    await this.database.execute(sql.ADD, { user_id: userId, password_hash: passwordHash, now });
  }

  /** Give the account this password, whatever it had, and forgive the guesses at the old one. */
  async set({ email, id }: { id: string; email: string }, passwordHash: string): Promise<void> {
    const now = this.clock.now();
    await this.database.execute(sql.IDENTIFY, { id: this.ids.next(), subject: id, user_id: id, now });
    await this.database.execute(sql.SET, { user_id: id, password_hash: passwordHash, now });
    await this.throttle.forget(passwordGuess(email));
  }

  /**
   * Check a password; before there is a transaction. The attempt is counted first, so that no more guesses are hashed
   * than the lockout allows, however many come at once. Without an account it takes as long and is null. A hash of an
   * older kind is replaced on success.
   * @throws TooManyAttempts
   */
  async prove({ device, email, id }: PasswordOwner, password: string): Promise<ProvenPassword | null> {
    const guess = passwordGuess(email, device);
    await this.throttle.reserve(guess);
    const hash = await this.verified(id, password);
    if (id === undefined || hash === null) return null;
    await this.throttle.clear(guess);
    return { userId: id, hash };
  }

  /** Whether the password is still the one that was checked; if so it stays until the transaction ends. */
  async hold({ hash, userId }: ProvenPassword): Promise<boolean> {
    return (await this.database.query(sql.HOLD, { user_id: userId, seen: hash })).length > 0;
  }

  /** Put another password in the place of the one that was checked; false when that was changed meanwhile. */
  async replace({ hash, userId }: ProvenPassword, passwordHash: string): Promise<boolean> {
    const parameters = { user_id: userId, password_hash: passwordHash, seen: hash, now: this.clock.now() };
    return (await this.database.execute(sql.REPLACE, parameters)) > 0;
  }

  /** Whether the account has the password that it had then; true, too, when it has none. */
  async isUnchangedSince(userId: string, at: Date): Promise<boolean> {
    const [row] = await this.database.query<{ updated_at: Date | string }>(sql.CHANGED_AT, { user_id: userId });
    return row === undefined || toDate(row.updated_at).getTime() <= at.getTime();
  }

  /** Another one for each account and each password that it had, or had none: 128 bits that betray neither. */
  async versionOf(userId: string): Promise<string> {
    return sha256Hex(`${userId} ${(await this.find(userId)) ?? ''}`).slice(0, 32);
  }

  /** Take the password away, and the identity `local` with it; returns how many passwords there were. */
  async remove(userId: string): Promise<number> {
    await this.database.execute(sql.FORGET_IDENTITY, { user_id: userId });
    return this.database.execute(sql.REMOVE, { user_id: userId });
  }

  /** The stored hash that the password belongs to; of our kind, whatever it was before. */
  private async verified(userId: string | undefined, password: string): Promise<string | null> {
    const stored = userId === undefined ? undefined : await this.find(userId);
    if (userId === undefined || stored === undefined) {
      await this.passwords.verifyAgainstDummy(password);
      return null;
    }
    const { needsRehash, ok } = await this.passwords.verify(stored, password);
    if (!ok) return null;
    if (!needsRehash) return stored;
    const hash = await this.passwords.hash(password);
    // Apart from the request's transaction, which rolls back where a second factor is wanted.
    const replaced = await this.database.detached(() => this.replace({ userId, hash: stored }, hash));
    // Somebody was quicker: what they stored is judged anew.
    return replaced ? hash : this.verified(userId, password);
  }

  private async find(userId: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ password_hash: string }>(sql.FIND, { user_id: userId });
    return row?.password_hash;
  }
}

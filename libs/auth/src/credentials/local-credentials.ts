import { Injectable } from '@nestjs/common';
import { Database, statement } from '@platform/database';
import { Clock, Ids } from '@platform/kernel';
import { PasswordHasher } from '@platform/security';

const ADD = statement(
  'auth.add_local_credential',
  `INSERT INTO local_credentials (user_id, password_hash, created_at, updated_at)
   VALUES (:user_id, :password_hash, :now, :now)`,
);
const IDENTIFY = statement(
  'auth.add_user_identity',
  `INSERT INTO user_identities (id, provider, subject, user_id, created_at)
   VALUES (:id, 'local', :subject, :user_id, :now)`,
);
const FIND = statement(
  'auth.find_local_credential',
  'SELECT password_hash FROM local_credentials WHERE user_id = :user_id',
);
/** Only the hash that was checked: a password changed meanwhile stays changed. */
const UPGRADE = statement(
  'auth.upgrade_local_credential',
  `UPDATE local_credentials SET password_hash = :password_hash, updated_at = :now
   WHERE user_id = :user_id AND password_hash = :seen`,
);

/** Passwords of accounts, hashed with argon2id. */
@Injectable()
export class LocalCredentials {
  constructor(
    private readonly database: Database,
    private readonly passwords: PasswordHasher,
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
    await this.database.execute(IDENTIFY, { id: this.ids.next(), subject: userId, user_id: userId, now });
    await this.database.execute(ADD, { user_id: userId, password_hash: passwordHash, now });
  }

  /**
   * Whether the password is the account's; without an account it takes as long and is false. A hash of an older kind
   * is replaced on success.
   */
  async check(userId: string | undefined, password: string): Promise<boolean> {
    const stored = userId === undefined ? undefined : await this.find(userId);
    if (userId === undefined || stored === undefined) return this.passwords.verifyAgainstDummy(password);
    const { needsRehash, ok } = await this.passwords.verify(stored, password);
    if (needsRehash) await this.upgrade(userId, stored, password);
    return ok;
  }

  private async find(userId: string): Promise<string | undefined> {
    const [row] = await this.database.query<{ password_hash: string }>(FIND, { user_id: userId });
    return row?.password_hash;
  }

  private async upgrade(userId: string, seen: string, password: string): Promise<void> {
    const passwordHash = await this.passwords.hash(password);
    await this.database.execute(UPGRADE, {
      user_id: userId,
      password_hash: passwordHash,
      seen,
      now: this.clock.now(),
    });
  }
}

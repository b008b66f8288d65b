import { Injectable } from '@nestjs/common';
import { repositoryOf } from '@platform/database';
import { LocalCredential } from '../entities/local-credential.entity';

const HELD = 'SELECT user_id FROM local_credentials WHERE user_id = :person AND password_hash = :seen';

/** Named queries on the hashes of passwords; for callers who make actors and so have none. */
@Injectable()
export class LocalCredentialRepository extends repositoryOf(LocalCredential) {
  private readonly of = this.rows('user_id = :person');
  private readonly setting = this.statement(
    'set',
    `INSERT INTO local_credentials (user_id, password_hash, created_at, updated_at)
     VALUES (:person, :hash, :now, :now)
     ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, updated_at = excluded.updated_at`,
  );
  private readonly holding = this.statement('hold', { postgres: `${HELD} FOR SHARE`, sqlite: HELD });
  private readonly replacing = this.statement(
    'replace',
    `UPDATE local_credentials SET password_hash = :hash, updated_at = :now
     WHERE user_id = :person AND password_hash = :seen`,
  );

  /** The password of the account, or null. */
  find(person: string): Promise<LocalCredential | null> {
    return this.of.one({ person });
  }

  /** Give the account this hash, whatever it had. */
  async set(person: string, hash: string): Promise<void> {
    await this.database.execute(this.setting, { person, hash, now: this.store.clock.now() });
  }

  /** Hold the hash that was checked against a change until the transaction ends; false when it was changed. */
  async hold(person: string, seen: string): Promise<boolean> {
    return (await this.database.query(this.holding, { person, seen })).length > 0;
  }

  /** Only the hash that was checked: a password changed meanwhile stays changed; false then. */
  async replace(person: string, seen: string, hash: string): Promise<boolean> {
    const values = { person, seen, hash, now: this.store.clock.now() };
    return (await this.database.execute(this.replacing, values)) > 0;
  }

  /** Take it away; returns how many there were. */
  removeOf(person: string): Promise<number> {
    return this.of.deleteAll({ person });
  }
}

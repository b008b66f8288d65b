import { Injectable } from '@nestjs/common';
import { EntityStore, repositoryOf } from '@platform/database';
import { RecoveryCode } from '../entities/recovery-code.entity';
import { RecoveryCodes } from './recovery-codes';

/** Named queries on recovery codes. */
@Injectable()
export class RecoveryCodeRepository extends repositoryOf(RecoveryCode) {
  private readonly own = this.rows('user_id = :person');
  private readonly unused = this.own.and('used_at IS NULL');
  /** Of two that show one code at once, one gets it. */
  private readonly using = this.statement(
    'use',
    'UPDATE recovery_codes SET used_at = :now WHERE user_id = :person AND code_hash = :hash AND used_at IS NULL',
  );

  constructor(
    store: EntityStore,
    private readonly codes: RecoveryCodes,
  ) {
    super(store);
  }

  /** New codes in the place of all others; the only time that they can be read. */
  async renew(userId: string): Promise<string[]> {
    const made = this.codes.make();
    await this.removeOf(userId);
    for (const code of made) await this.add({ userId, codeHash: this.codes.fingerprint(userId, code) });
    return made;
  }

  /** Use a code up; false when it is none, or was used. */
  async use(person: string, code: string): Promise<boolean> {
    const values = { person, hash: this.codes.fingerprint(person, code), now: this.store.clock.now() };
    return (await this.database.execute(this.using, values)) > 0;
  }

  /** Codes that are left. */
  left(person: string): Promise<number> {
    return this.unused.count({ person });
  }

  /** Take them away. */
  async removeOf(person: string): Promise<void> {
    await this.own.deleteAll({ person });
  }
}

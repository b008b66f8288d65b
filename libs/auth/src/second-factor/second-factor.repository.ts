import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { Database, toDate } from '@platform/database';
import { Clock, Ids } from '@platform/kernel';
import { SealedText } from '@platform/crypto';
import { RecoveryCodes } from './recovery-codes';
import * as sql from './second-factor.statements';
import { newTotpSecret, totpStep } from './totp';

/** What a person showed. */
export type ShownFactor = 'totp' | 'recovery_code';

/** Named queries on authenticators and recovery codes. A code that is accepted is used up, once, whoever else shows it. */
@Injectable()
export class SecondFactorRepository {
  private readonly sealed: SealedText;

  constructor(
    private readonly database: Database,
    private readonly codes: RecoveryCodes,
    private readonly clock: Clock,
    private readonly ids: Ids,
    core: CoreConfig,
  ) {
    this.sealed = new SealedText(core.secretKey, 'totp');
  }

  /** When the factor of the user came into force; null when they have none. */
  async confirmedAt(userId: string): Promise<Date | null> {
    const row = await this.find(userId);
    return row?.confirmed_at ? toDate(row.confirmed_at) : null;
  }

  /** A fresh secret, not yet in force; null while another one is. */
  async begin(userId: string): Promise<string | null> {
    const secret = newTotpSecret();
    const begun = await this.database.execute(sql.BEGIN, {
      user_id: userId,
      sealed_secret: this.sealed.seal(secret, userId),
      now: this.clock.now(),
    });
    return begun > 0 ? secret : null;
  }

  /** Put the secret in force whose code is shown: `none` was begun, or the code is `wrong`. */
  async confirm(userId: string, code: string): Promise<'confirmed' | 'wrong' | 'none'> {
    const row = await this.find(userId);
    if (!row || row.confirmed_at !== null) return 'none';
    const step = this.stepOf(row, userId, code);
    if (step === null) return 'wrong';
    const confirmed = await this.database.execute(sql.CONFIRM, {
      user_id: userId,
      sealed_secret: row.sealed_secret,
      step,
      now: this.clock.now(),
    });
    return confirmed > 0 ? 'confirmed' : 'none';
  }

  /** Accept a code of the authenticator or a recovery code; null when it is neither, or was used. */
  async accept(userId: string, code: string): Promise<ShownFactor | null> {
    const row = await this.find(userId);
    if (!row || row.confirmed_at === null) return null;
    const step = this.stepOf(row, userId, code);
    if (step !== null) {
      const { sealed_secret } = row;
      const accepted = await this.database.execute(sql.ACCEPT_STEP, { user_id: userId, sealed_secret, step });
      return accepted > 0 ? 'totp' : null;
    }
    const code_hash = this.codes.fingerprint(userId, code);
    const used = await this.database.execute(sql.USE_CODE, { user_id: userId, code_hash, now: this.clock.now() });
    return used > 0 ? 'recovery_code' : null;
  }

  /** New recovery codes in the place of all others; the only time that they can be read. */
  async renewCodes(userId: string): Promise<string[]> {
    const made = this.codes.make();
    const now = this.clock.now();
    await this.database.execute(sql.REMOVE_CODES, { user_id: userId });
    for (const code of made) {
      const code_hash = this.codes.fingerprint(userId, code);
      await this.database.execute(sql.ADD_CODE, { id: this.ids.next(), user_id: userId, code_hash, now });
    }
    return made;
  }

  /** Recovery codes that are left. */
  async codesLeft(userId: string): Promise<number> {
    const [row] = await this.database.query<{ unused: number | string }>(sql.COUNT_CODES, { user_id: userId });
    return Number(row?.unused ?? 0);
  }

  /** Take authenticator and recovery codes away; false when there was no authenticator. */
  async remove(userId: string): Promise<boolean> {
    await this.database.execute(sql.REMOVE_CODES, { user_id: userId });
    return (await this.database.execute(sql.REMOVE, { user_id: userId })) > 0;
  }

  private async find(userId: string): Promise<sql.FactorRow | undefined> {
    const [row] = await this.database.query<sql.FactorRow>(sql.FIND, { user_id: userId });
    return row;
  }

  private stepOf(row: sql.FactorRow, userId: string, code: string): number | null {
    const secret = this.sealed.open(row.sealed_secret, userId);
    // Null: sealed under another SECRET_KEY, so no code can be right, nor can a recovery code.
    return secret === null ? null : totpStep(secret, digitsOf(code), this.clock.now());
  }
}

/** As an authenticator shows them; a keyboard may write other digits, and people write blanks between them. */
function digitsOf(code: string): string {
  return code.normalize('NFKC').replace(/\s/g, '');
}

import { Injectable } from '@nestjs/common';
import { CoreConfig } from '@platform/config';
import { SealedText } from '@platform/crypto';
import { EntityStore, repositoryOf } from '@platform/database';
import { SecondFactor } from '../entities/second-factor.entity';
import { RecoveryCodeRepository } from './recovery-code.repository';
import { newTotpSecret, totpStep } from './totp';

/** What a person showed. */
export type ShownFactor = 'totp' | 'recovery_code';

/** Named queries on authenticators. A code that is accepted is used up, once, whoever else shows it. */
@Injectable()
export class SecondFactorRepository extends repositoryOf(SecondFactor) {
  private readonly own = this.rows('user_id = :person');
  /** Touches no row while a factor is in force. */
  private readonly beginning = this.statement(
    'begin',
    `INSERT INTO second_factors (user_id, sealed_secret, created_at) VALUES (:person, :secret, :now)
     ON CONFLICT (user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, created_at = excluded.created_at,
       last_step = NULL
       WHERE second_factors.confirmed_at IS NULL`,
  );
  /** Only the secret whose code was seen. */
  private readonly confirming = this.statement(
    'confirm',
    `UPDATE second_factors SET confirmed_at = :now, last_step = :step
     WHERE user_id = :person AND sealed_secret = :secret AND confirmed_at IS NULL`,
  );
  /** Of two that show one code at once, one gets it; an older code than the last is refused (RFC 6238 §5.2). */
  private readonly accepting = this.statement(
    'accept',
    `UPDATE second_factors SET last_step = :step
     WHERE user_id = :person AND sealed_secret = :secret AND confirmed_at IS NOT NULL
       AND (last_step IS NULL OR last_step < :step)`,
  );
  private readonly sealed: SealedText;

  constructor(
    store: EntityStore,
    private readonly codes: RecoveryCodeRepository,
    core: CoreConfig,
  ) {
    super(store);
    this.sealed = new SealedText(core.secretKey, 'totp');
  }

  /** When the factor of the person came into force; null when they have none. */
  async confirmedAt(person: string): Promise<Date | null> {
    return (await this.own.one({ person }))?.confirmedAt ?? null;
  }

  /** A fresh secret, not yet in force; null while another one is. */
  async begin(person: string): Promise<string | null> {
    const secret = newTotpSecret();
    const values = { person, secret: this.sealed.seal(secret, person), now: this.store.clock.now() };
    return (await this.database.execute(this.beginning, values)) > 0 ? secret : null;
  }

  /** Put the secret in force whose code is shown: `none` was begun, or the code is `wrong`. */
  async confirm(person: string, code: string): Promise<'confirmed' | 'wrong' | 'none'> {
    const factor = await this.own.one({ person });
    if (factor?.confirmedAt !== null) return 'none';
    const step = this.stepOf(factor, code);
    if (step === null) return 'wrong';
    const values = { person, secret: factor.sealedSecret, step, now: this.store.clock.now() };
    return (await this.database.execute(this.confirming, values)) > 0 ? 'confirmed' : 'none';
  }

  /** Accept a code of the authenticator or a recovery code; null when it is neither, or was used. */
  async accept(person: string, code: string): Promise<ShownFactor | null> {
    const factor = await this.own.one({ person });
    if (!factor || factor.confirmedAt === null) return null;
    const step = this.stepOf(factor, code);
    if (step === null) return (await this.codes.use(person, code)) ? 'recovery_code' : null;
    const values = { person, secret: factor.sealedSecret, step };
    return (await this.database.execute(this.accepting, values)) > 0 ? 'totp' : null;
  }

  /** Take authenticator and recovery codes away; false when there was no authenticator. */
  async removeOf(person: string): Promise<boolean> {
    await this.codes.removeOf(person);
    return (await this.own.deleteAll({ person })) > 0;
  }

  private stepOf({ sealedSecret, userId }: SecondFactor, code: string): number | null {
    const secret = this.sealed.open(sealedSecret, userId);
    // Null: sealed under another SECRET_KEY, so no code can be right, nor can a recovery code.
    return secret === null ? null : totpStep(secret, digitsOf(code), this.store.clock.now());
  }
}

/** As an authenticator shows them; a keyboard may write other digits, and people write blanks between them. */
function digitsOf(code: string): string {
  return code.normalize('NFKC').replace(/\s/g, '');
}

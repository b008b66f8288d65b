import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { Transactional } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { NoSecondFactor, WrongCodeShown } from '../auth.errors';
import { AccountMails } from '../links/account-mails';
import { sessionDevice } from '../login-throttle/guess';
import { SessionProofs } from '../sessions/session-proofs';
import { SessionsService } from '../sessions/sessions.service';
import { SecondFactorCodes } from './second-factor-codes';
import { SecondFactorRepository } from './second-factor.repository';

/** What a person has set up. */
export interface SecondFactorStatus {
  /** Null: none in force. */
  readonly confirmedAt: Date | null;
  readonly recoveryCodesLeft: number;
}

/** Published operations of a signed-in person on his second factor. */
@Injectable()
export class SecondFactorsService {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly codes: SecondFactorCodes,
    private readonly sessions: SessionsService,
    private readonly proofs: SessionProofs,
    private readonly mails: AccountMails,
    private readonly audit: AuditTrail,
  ) {}

  /** What the actor has set up. Success: always. */
  async status(actor: Actor): Promise<SecondFactorStatus> {
    const confirmedAt = await this.factors.confirmedAt(actor.id);
    return { confirmedAt, recoveryCodesLeft: await this.factors.codesLeft(actor.id) };
  }

  /**
   * Take the second factor away, by a code of it.
   *
   * Success: it is gone with its recovery codes, no sign-in has a second factor any more, and the person is told by
   * mail. Failure: `NoSecondFactor` (409), `WrongCodeShown` (422), `TooManyAttempts` (429).
   */
  async remove(actor: Actor, code: string): Promise<void> {
    if (!(await this.codes.isInForce(actor.id))) throw new NoSecondFactor();
    if (!(await this.codes.prove(actor.id, code, sessionDevice(actor.sessionId)))) throw new WrongCodeShown();
    await this.forget(actor.id);
    await this.mails.notice(actor.id, 'second_factor_disabled');
    this.audit.note({ resourceType: 'user', resourceId: actor.id });
  }

  /** Take the second factor of a person away, without a word to them; false when there was none. */
  async forget(userId: string): Promise<boolean> {
    const removed = await this.factors.remove(userId);
    await this.proofs.forgetSecondFactor(userId);
    return removed;
  }

  /**
   * Make new recovery codes; the old ones are worth nothing from now on.
   *
   * Success: the codes, readable this once. Failure: `NoSecondFactor` (409).
   */
  @Transactional()
  async renewRecoveryCodes(actor: Actor): Promise<string[]> {
    await this.sessions.hold(actor);
    if (!(await this.codes.isInForce(actor.id))) throw new NoSecondFactor();
    this.audit.note({ resourceType: 'user', resourceId: actor.id });
    return this.factors.renewCodes(actor.id);
  }
}

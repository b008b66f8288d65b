import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { CoreConfig } from '@platform/config';
import { Transactional } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { InvalidCode, NoSecondFactor, NoSession, SecondFactorInForce } from '../auth.errors';
import { AccountMails } from '../links/account-mails';
import { sessionDevice } from '../login-throttle/login-throttle';
import { SessionsService } from '../sessions/sessions.service';
import { RecoveryCodeRepository } from './recovery-code.repository';
import { SecondFactorCodes } from './second-factor-codes';
import { SecondFactorRepository } from './second-factor.repository';
import { totpUri } from './totp';

/** What a person has set up. */
export interface SecondFactorStatus {
  /** Null: none in force. */
  readonly confirmedAt: Date | null;
  readonly recoveryCodesLeft: number;
}

/** What an authenticator is set up with. */
export interface TotpEnrolment {
  /** Base 32, for typing. */
  readonly secret: string;
  /** `otpauth://…`, for a QR code. */
  readonly uri: string;
}

/** Published operations of a signed-in person on their second factor. */
@Injectable()
export class SecondFactorsService {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly recovery: RecoveryCodeRepository,
    private readonly codes: SecondFactorCodes,
    private readonly sessions: SessionsService,
    private readonly mails: AccountMails,
    private readonly audit: AuditTrail,
    private readonly core: CoreConfig,
  ) {}

  /** What the actor has set up. */
  async status(actor: Actor): Promise<SecondFactorStatus> {
    const confirmedAt = await this.factors.confirmedAt(actor.id);
    return { confirmedAt, recoveryCodesLeft: await this.recovery.left(actor.id) };
  }

  /**
   * Hand out the secret of an authenticator; it is in force once a code of it was shown.
   * @returns the secret; one that was handed out before and not confirmed is void
   * @throws SecondFactorInForce
   */
  @Transactional()
  async begin(actor: Actor): Promise<TotpEnrolment> {
    await this.sessions.hold(actor);
    const secret = await this.factors.begin(actor.id);
    if (secret === null) throw new SecondFactorInForce();
    this.audit.note({ resourceType: 'user', resourceId: actor.id });
    return { secret, uri: totpUri(this.core.projectName, actor.email ?? actor.id, secret) };
  }

  /**
   * Put the authenticator in force by a code of it: this session has shown a second factor, what the others have shown
   * is stale, and the person is told by mail.
   * @returns the recovery codes, readable this once
   * @throws InvalidCode
   * @throws NoSecondFactor when none was begun
   * @throws NoSession
   */
  @Transactional()
  async confirm(actor: Actor, code: string): Promise<string[]> {
    if (actor.sessionId === undefined) throw new NoSession();
    await this.sessions.hold(actor);
    const outcome = await this.factors.confirm(actor.id, code);
    if (outcome === 'wrong') throw new InvalidCode();
    if (outcome === 'none') throw new NoSecondFactor();
    const codes = await this.recovery.renew(actor.id);
    await this.sessions.lapseOtherProofs(actor.id, actor.sessionId);
    await this.sessions.renewProof(actor.sessionId, true);
    await this.mails.notice(actor.id, 'second_factor_enabled');
    this.audit.note({ resourceType: 'user', resourceId: actor.id, details: { factor: 'totp' } });
    return codes;
  }

  /**
   * Make new recovery codes; the old ones are worth nothing from now on.
   * @returns the codes, readable this once
   * @throws NoSecondFactor
   */
  @Transactional()
  async renewRecoveryCodes(actor: Actor): Promise<string[]> {
    await this.sessions.hold(actor);
    if (!(await this.codes.isInForce(actor.id))) throw new NoSecondFactor();
    this.audit.note({ resourceType: 'user', resourceId: actor.id });
    return this.recovery.renew(actor.id);
  }

  /**
   * Take the second factor away, by a code of it, and its recovery codes with it: no session has a second factor any
   * more, and the person is told by mail.
   * @throws NoSecondFactor
   * @throws InvalidCode
   * @throws TooManyAttempts
   */
  async remove(actor: Actor, code: string): Promise<void> {
    if (!(await this.codes.isInForce(actor.id))) throw new NoSecondFactor();
    if (!(await this.codes.prove(actor.id, code, sessionDevice(actor.sessionId)))) throw new InvalidCode();
    await this.forget(actor.id);
    await this.mails.notice(actor.id, 'second_factor_disabled');
    this.audit.note({ resourceType: 'user', resourceId: actor.id });
  }

  /** Take the second factor of a person away, without a word to them. @returns whether there was one */
  async forget(userId: string): Promise<boolean> {
    const removed = await this.factors.removeOf(userId);
    await this.sessions.forgetSecondFactor(userId);
    return removed;
  }
}

import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { CoreConfig } from '@platform/config';
import { Transactional } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { NoSecondFactor, NoSignIn, SecondFactorInForce, WrongCodeShown } from '../auth.errors';
import { AccountMails } from '../links/account-mails';
import { SessionProofs } from '../sessions/session-proofs';
import { SessionsService } from '../sessions/sessions.service';
import { SecondFactorRepository } from './second-factor.repository';
import { totpUri } from './totp';

/** What an authenticator is set up with. */
export interface TotpEnrolment {
  /** Base 32, for typing. */
  readonly secret: string;
  /** `otpauth://…`, for a QR code. */
  readonly uri: string;
}

/** Published operations of a signed-in person who sets up a second factor. */
@Injectable()
export class SecondFactorEnrolmentService {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly sessions: SessionsService,
    private readonly proofs: SessionProofs,
    private readonly mails: AccountMails,
    private readonly audit: AuditTrail,
    private readonly core: CoreConfig,
  ) {}

  /**
   * Hand out the secret of an authenticator; it is in force once a code of it was shown.
   *
   * Success: the secret; one that was handed out before and not confirmed is void. Failure: `SecondFactorInForce` (409).
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
   * Put the authenticator in force by a code of it.
   *
   * Success: the recovery codes, readable this once; this sign-in has shown a second factor, what the others have shown
   * is stale, and the person is told by mail. Failure: `WrongCodeShown` (422), `NoSecondFactor` (409), `NoSignIn` (403).
   */
  @Transactional()
  async confirm(actor: Actor, code: string): Promise<string[]> {
    if (actor.sessionId === undefined) throw new NoSignIn();
    await this.sessions.hold(actor);
    const outcome = await this.factors.confirm(actor.id, code);
    if (outcome === 'wrong') throw new WrongCodeShown();
    if (outcome === 'none') throw new NoSecondFactor();
    const codes = await this.factors.renewCodes(actor.id);
    await this.proofs.lapseOthers(actor.id, actor.sessionId);
    await this.proofs.renew(actor.sessionId, true);
    await this.mails.notice(actor.id, 'second_factor_enabled');
    this.audit.note({ resourceType: 'user', resourceId: actor.id, details: { factor: 'totp' } });
    return codes;
  }
}

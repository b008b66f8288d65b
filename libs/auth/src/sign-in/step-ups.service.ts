import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { AuditTrail } from '@platform/audit';
import { type Actor, ValidationFailed } from '@platform/kernel';
import { NoSession, StepUpNeedsCode, InvalidCode, WrongPassword } from '../auth.errors';
import { LocalCredentials } from '../passwords/local-credentials';
import { sessionDevice } from '../login-throttle/login-throttle';
import { SecondFactorCodes } from '../second-factor/second-factor-codes';
import { SessionsService } from '../sessions/sessions.service';

/** What a person shows: one of the two. */
export interface ShownProof {
  readonly password?: string;
  readonly code?: string;
}

/** Published operation: prove again who one is, on a session that goes on. */
@Injectable()
export class StepUpsService {
  constructor(
    private readonly users: UserDirectory,
    private readonly credentials: LocalCredentials,
    private readonly codes: SecondFactorCodes,
    private readonly sessions: SessionsService,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Make the proof of the actor's session fresh, by the password, or by a code where there is a second factor: dangerous
   * acts are possible for a while.
   * @throws StepUpNeedsCode for a password where there is a second factor
   * @throws WrongPassword
   * @throws InvalidCode
   * @throws TooManyAttempts
   * @throws NoSession
   * @throws ValidationFailed unless exactly one of the two is shown
   */
  async stepUp(actor: Actor, { code, password }: ShownProof): Promise<void> {
    if (actor.sessionId === undefined) throw new NoSession();
    if ((code === undefined) === (password === undefined)) throw new OneProof();
    const factor =
      password === undefined ? await this.byCode(actor, code ?? '') : await this.byPassword(actor, password);
    await this.sessions.renewProof(actor.sessionId, factor !== 'password');
    this.audit.note({ resourceType: 'session', resourceId: actor.sessionId, details: { factor } });
  }

  private async byCode(actor: Actor, code: string): Promise<string> {
    const shown = await this.codes.prove(actor.id, code, sessionDevice(actor.sessionId));
    if (!shown) throw new InvalidCode();
    return shown;
  }

  private async byPassword(actor: Actor, password: string): Promise<string> {
    if (await this.codes.isInForce(actor.id)) throw new StepUpNeedsCode();
    const user = await this.users.byId(actor.id);
    const device = sessionDevice(actor.sessionId);
    const proven = await this.credentials.prove({ id: user?.id, email: user?.email ?? actor.id, device }, password);
    if (!proven) throw new WrongPassword('password');
    return 'password';
  }
}

/** 422: a password or a code, not both and not neither. */
class OneProof extends ValidationFailed {
  constructor() {
    super([{ field: 'password', message: 'Send either password or code', type: 'one_of' }]);
  }
}

import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { InvalidChallenge, WrongCode } from '../auth.errors';
import { LocalCredentials } from '../passwords/local-credentials';
import { type SignIn, SignInsService } from './sign-ins.service';
import { type Challenge, SecondFactorChallenges } from '../second-factor/second-factor-challenges';
import { SecondFactorCodes } from '../second-factor/second-factor-codes';

/** Published operation: the second step of a sign-in. */
@Injectable()
export class SecondFactorSignInsService {
  constructor(
    private readonly challenges: SecondFactorChallenges,
    private readonly codes: SecondFactorCodes,
    private readonly credentials: LocalCredentials,
    private readonly users: UserDirectory,
    private readonly signIns: SignInsService,
  ) {}

  /**
   * Show a code of the authenticator, or a recovery code, beside the challenge of the first step.
   * @throws InvalidChallenge after five minutes, five codes, its use, or a change of the password
   * @throws WrongCode
   * @throws TooManyAttempts
   * @throws AccountDeactivated
   */
  async complete(challenge: string, code: string): Promise<SignIn> {
    const first = await this.mustBeGood(challenge);
    const shown = await this.codes.prove(first.userId, code, first.device);
    if (!shown) throw new WrongCode();
    const user = await this.users.byId(first.userId);
    if (!user || !(await this.challenges.use(first))) throw new InvalidChallenge();
    return this.signIns.open(user, { method: first.method, secondFactor: true });
  }

  private async mustBeGood(challenge: string): Promise<Challenge> {
    const opened = this.challenges.open(challenge);
    const isGood =
      opened &&
      (await this.credentials.isUnchangedSince(opened.userId, opened.issuedAt)) &&
      (await this.challenges.count(opened));
    if (!isGood) throw new InvalidChallenge();
    return opened;
  }
}

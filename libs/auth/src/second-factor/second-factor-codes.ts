import { Injectable } from '@nestjs/common';
import { UserDirectory } from '@omni/users';
import { Database } from '@platform/database';
import { Metrics } from '@platform/observability';
import { codeGuess, LoginThrottle } from '../login-throttle/login-throttle';
import { SecondFactorRepository, type ShownFactor } from './second-factor.repository';

/** Codes that people show, counted before they are looked at. */
@Injectable()
export class SecondFactorCodes {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly throttle: LoginThrottle,
    private readonly users: UserDirectory,
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  /** Whether the person has a second factor in force. */
  async isInForce(userId: string): Promise<boolean> {
    return (await this.factors.confirmedAt(userId)) !== null;
  }

  /**
   * Accept a code, once; null when it is wrong. Before the caller has a transaction; what is accepted is used up with
   * the caller's unit of work.
   * @param device on which it is shown, if the account knows it
   * @throws TooManyAttempts
   */
  async prove(userId: string, code: string, device?: string): Promise<ShownFactor | null> {
    const guess = codeGuess(userId, device);
    await this.throttle.reserve(guess);
    // The account before its factor, as everywhere; the caller's unit of work, if there is one, goes on with both.
    const shown = await this.database.transaction(async () => {
      await this.users.hold(userId);
      return this.factors.accept(userId, code);
    });
    if (shown) await this.throttle.clear(guess);
    else this.metrics.authFailure('invalid_credentials');
    return shown;
  }
}

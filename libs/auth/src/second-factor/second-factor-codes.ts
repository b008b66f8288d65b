import { Injectable } from '@nestjs/common';
import { Metrics } from '@platform/observability';
import { codeGuesses, LoginThrottle } from '../login-throttle/login-throttle';
import { SecondFactorRepository, type ShownFactor } from './second-factor.repository';

/** Codes that people show, counted before they are looked at. */
@Injectable()
export class SecondFactorCodes {
  constructor(
    private readonly factors: SecondFactorRepository,
    private readonly throttle: LoginThrottle,
    private readonly metrics: Metrics,
  ) {}

  /** Whether the person has a second factor in force. */
  async isInForce(userId: string): Promise<boolean> {
    return (await this.factors.confirmedAt(userId)) !== null;
  }

  /**
   * Accept a code, once; null when it is wrong. Before the caller has a transaction; what is accepted is used up with
   * the caller's unit of work.
   * @throws TooManyAttempts
   */
  async prove(userId: string, code: string): Promise<ShownFactor | null> {
    await this.throttle.reserve(codeGuesses(userId));
    const shown = await this.factors.accept(userId, code);
    if (shown) await this.throttle.clear(codeGuesses(userId));
    else this.metrics.authFailure('invalid_credentials');
    return shown;
  }
}

import { type IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { bearerToken } from '../access/bearer-token';
import { AuthConfig } from '../auth.config';
import { InvalidToken } from '../auth.errors';
import { type VerifiedClaims } from './access-token';
import { AccessTokenStrategy, LEEWAY_SECONDS } from './access-token.strategy';
import { KeyRing } from './key-ring';
import { expired, passportAttempt, refusalOf } from './passport-attempt';
import { VerifiedTokens } from './verified-tokens';

/** Verifies our own access tokens: the signature once for each token, its key and its expiry on every use. */
@Injectable()
export class AccessTokenVerifier {
  private readonly strategy: AccessTokenStrategy;

  constructor(
    config: AuthConfig,
    private readonly ring: KeyRing,
    private readonly verified: VerifiedTokens,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.strategy = new AccessTokenStrategy(config, ring, clock);
  }

  /** The claims of the bearer token in the headers. @throws InvalidToken */
  async verify(headers: IncomingHttpHeaders): Promise<VerifiedClaims> {
    const claims = await this.claimsOf(headers);
    if (this.clock.now().getTime() >= claims.goodUntil + LEEWAY_SECONDS * 1000) throw expired(this.metrics);
    // Remembered or not: the key may have been revoked since.
    if (!(await this.ring.known(claims.kid))) throw refusalOf(new InvalidToken(), this.metrics);
    this.metrics.token('verified');
    return claims;
  }

  private async claimsOf(headers: IncomingHttpHeaders): Promise<VerifiedClaims> {
    const verify = (): Promise<VerifiedClaims> => passportAttempt(this.strategy, headers);
    try {
      return await this.verified.claimsOf('own', bearerToken({ headers }) ?? '', verify);
    } catch (error) {
      throw refusalOf(error, this.metrics);
    }
  }
}

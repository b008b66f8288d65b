import { Injectable } from '@nestjs/common';
import { Clock } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { expired, passportAttempt, refusalOf, unverifiedClaims } from '../tokens/passport-attempt';
import { VerifiedTokens } from '../tokens/verified-tokens';
import { ActiveIssuers } from './active-issuers';
import { type ExternalProof, type ExternalIssuer } from './external-issuer';
import { type ClaimedProfile, claimedProfile } from './claimed-profile';
import { EXTERNAL_LEEWAY_SECONDS, ExternalTokenStrategy, type VerifiedExternalToken } from './external-token.strategy';

/** A token of another issuer that is good, and all that is read from it. */
export interface ExternalToken {
  readonly provider: ExternalIssuer['name'];
  /** The provider's own id of the person. */
  readonly subject: string;
  readonly profile: ClaimedProfile;
  readonly proof: ExternalProof;
  readonly expiresAt: Date;
  /** End of its life before any leeway; milliseconds since 1970. */
  readonly goodUntil: number;
}

interface Issuer {
  readonly provider: ExternalIssuer;
  readonly strategy: ExternalTokenStrategy;
}

/** Verifies the tokens of all active issuers, told apart by `iss`: the signature once for each token, its end every time. */
@Injectable()
export class ExternalTokens {
  private readonly issuers: ReadonlyMap<unknown, Issuer>;

  constructor(
    active: ActiveIssuers,
    private readonly verified: VerifiedTokens,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    this.issuers = new Map(
      active.external.map((provider) => [
        provider.issuer,
        { provider, strategy: new ExternalTokenStrategy(provider, clock) },
      ]),
    );
  }

  /** Whether the token claims to be of an active issuer. Nothing else of it is looked at. */
  claims(token: string): boolean {
    return this.issuers.size > 0 && this.issuerOf(token) !== undefined;
  }

  /**
   * @throws InvalidToken
   * @throws IssuerKeysUnavailable
   */
  async verify(token: string): Promise<ExternalToken> {
    const verified = await this.tokenOf(token);
    const end = verified.goodUntil + EXTERNAL_LEEWAY_SECONDS * 1000;
    if (this.clock.now().getTime() >= end) throw expired(this.metrics);
    this.metrics.token('verified');
    return verified;
  }

  private async tokenOf(token: string): Promise<ExternalToken> {
    try {
      return await this.verified.claimsOf('external', token, () => this.check(token));
    } catch (error) {
      throw refusalOf(error, this.metrics);
    }
  }

  private async check(token: string): Promise<ExternalToken> {
    const issuer = this.issuerOf(token);
    if (!issuer) throw new Error('The token is of no active issuer');
    const { provider, strategy } = issuer;
    const headers = { authorization: `Bearer ${token}` };
    const { claims, ...verified } = await passportAttempt<VerifiedExternalToken>(strategy, headers);
    const profile = claimedProfile(claims);
    return { ...verified, provider: provider.name, profile, proof: provider.proofOf(claims) };
  }

  private issuerOf(token: string): Issuer | undefined {
    return this.issuers.get(unverifiedClaims(token)?.iss);
  }
}

import { Injectable } from '@nestjs/common';
import { Clock, Ids } from '@platform/kernel';
import { SignJWT } from 'jose';
import { AuthConfig } from '../auth.config';
import { SignInElsewhere } from '../auth.errors';
import { SigningKeysService } from './signing-keys.service';

/** Header `typ` of an access token: RFC 9068 §2.1. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** The one algorithm: what a token's header asks for does not count. */
export const ACCESS_TOKEN_ALGORITHM = 'ES256';

/** Whom an access token speaks for. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
}

/** What a good access token says. */
export interface VerifiedClaims extends AccessClaims {
  readonly expiresAt: Date;
  /** The key that signed it. */
  readonly kid: string;
  /** End of its life, by its expiry or its age, before any leeway; milliseconds since 1970. */
  readonly goodUntil: number;
}

/** Writes access tokens: short-lived, and bound to a session. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly keys: SigningKeysService,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Seconds that a token is good for. */
  get lifetimeSeconds(): number {
    return this.config.accessTokenMinutes * 60;
  }

  /** A token of this session, good from now. @throws SignInElsewhere where our own tokens are not taken */
  async issue({ sessionId, userId }: AccessClaims): Promise<string> {
    if (!this.config.providers.includes('local')) throw new SignInElsewhere();
    const { kid, privateKey } = await this.keys.signer();
    const now = Math.floor(this.clock.now().getTime() / 1000);
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: ACCESS_TOKEN_ALGORITHM, typ: ACCESS_TOKEN_TYPE, kid })
      .setIssuer(this.config.issuer)
      .setAudience(this.config.audience)
      .setSubject(userId)
      .setJti(this.ids.next())
      .setIssuedAt(now)
      .setExpirationTime(now + this.lifetimeSeconds)
      .sign(privateKey);
  }
}

import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Clock, Ids } from '@platform/kernel';
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

/** Writes access tokens: short-lived, and bound to a sign-in. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeysService,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Seconds that a token is good for. */
  get lifetimeSeconds(): number {
    return this.config.accessTokenMinutes * 60;
  }

  /** A token of this sign-in, good from now. @throws SignInElsewhere where our own tokens are not taken */
  async issue({ sessionId, userId }: AccessClaims): Promise<string> {
    if (!this.config.providers.includes('local')) throw new SignInElsewhere();
    const { kid, privateKey } = await this.keys.signer();
    return this.jwt.signAsync(
      { sid: sessionId, iat: Math.floor(this.clock.now().getTime() / 1000) },
      { privateKey, keyid: kid, subject: userId, jwtid: this.ids.next(), expiresIn: this.lifetimeSeconds },
    );
  }
}

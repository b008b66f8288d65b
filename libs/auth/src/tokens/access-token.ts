import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Ids } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { AuthConfig } from '../auth.config';
import { SigningKeysService } from '../signing-keys/signing-keys.service';

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
    private readonly ids: Ids,
    private readonly metrics: Metrics,
  ) {}

  /** Seconds that a token is good for. */
  get lifetimeSeconds(): number {
    return this.config.accessTokenMinutes * 60;
  }

  /** A token of this sign-in, good from now. */
  async issue({ sessionId, userId }: AccessClaims): Promise<string> {
    const { kid, privateKey } = await this.keys.signer();
    const token = await this.jwt.signAsync(
      { sid: sessionId },
      { privateKey, keyid: kid, subject: userId, jwtid: this.ids.next(), expiresIn: this.lifetimeSeconds },
    );
    this.metrics.token('issued');
    return token;
  }
}

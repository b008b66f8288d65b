import { createSecretKey, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { Ids } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { deriveKey } from '@platform/security';
import { AuthConfig } from '../auth.config';

/** Header `typ` of an access token: RFC 9068 §2.1. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';

/** The one algorithm: what a token's header asks for does not count. */
export const ACCESS_TOKEN_ALGORITHM = 'HS256';

/** The key of access tokens, derived from the root secret for nothing else. */
export function accessTokenKey(secretKey: string): KeyObject {
  return createSecretKey(deriveKey(secretKey, 'auth:access-token', 32));
}

/** Whom an access token speaks for. */
export interface AccessClaims {
  readonly userId: string;
  readonly sessionId: string;
}

/** What a good access token says. */
export interface VerifiedClaims extends AccessClaims {
  readonly expiresAt: Date;
}

/** Writes access tokens: short-lived, and bound to a sign-in. */
@Injectable()
export class AccessTokens {
  constructor(
    private readonly jwt: JwtService,
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
    const token = await this.jwt.signAsync(
      { sid: sessionId },
      { subject: userId, jwtid: this.ids.next(), expiresIn: this.lifetimeSeconds },
    );
    this.metrics.token('issued');
    return token;
  }
}

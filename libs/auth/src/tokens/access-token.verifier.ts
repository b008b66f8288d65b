import { type IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Metrics } from '@platform/observability';
import { InvalidToken } from '../auth.errors';
import { type VerifiedClaims } from './access-token';
import { AccessTokenStrategy } from './access-token.strategy';

/** How passport hands a strategy its outcomes: on an object that inherits from it, one for each request. */
interface Attempt {
  authenticate: (request: { headers: IncomingHttpHeaders }) => void;
  success: (claims: VerifiedClaims) => void;
  fail: (reason: unknown) => void;
  error: (error: unknown) => void;
}

/** Runs the passport strategy without passport's middleware, which would need Express's request and response. */
@Injectable()
export class AccessTokenVerifier {
  constructor(
    private readonly strategy: AccessTokenStrategy,
    private readonly metrics: Metrics,
  ) {}

  /** The claims of the bearer token in the headers. @throws InvalidToken */
  async verify(headers: IncomingHttpHeaders): Promise<VerifiedClaims> {
    try {
      const claims = await this.attempt(headers);
      this.metrics.token('verified');
      return claims;
    } catch (error) {
      if (error instanceof Error && error.name === 'TokenExpiredError') throw this.expired();
      this.metrics.authFailure('invalid_token');
      // A library's words are not for the caller (spec F-AUTH-3); our own findings are.
      throw error instanceof InvalidToken ? error : new InvalidToken();
    }
  }

  private attempt(headers: IncomingHttpHeaders): Promise<VerifiedClaims> {
    return new Promise((resolve, reject) => {
      const attempt = Object.create(this.strategy) as Attempt;
      attempt.success = resolve;
      attempt.fail = reject;
      attempt.error = reject;
      attempt.authenticate({ headers });
    });
  }

  private expired(): InvalidToken {
    this.metrics.token('expired');
    this.metrics.authFailure('expired_token');
    return new InvalidToken('Token has expired');
  }
}

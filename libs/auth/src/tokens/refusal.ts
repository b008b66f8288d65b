import { AppError } from '@platform/kernel';
import { type Metrics } from '@platform/observability';
import { InvalidToken } from '../auth.errors';
import { KeyLookupFailed } from './passport-attempt';

/** What the caller is told of a token that was not accepted, counted. A library's words are not for callers (F-AUTH-3). */
export function refusalOf(error: unknown, metrics: Metrics): unknown {
  if (error instanceof KeyLookupFailed) return error.cause;
  if (error instanceof Error && error.name === 'TokenExpiredError') return expired(metrics);
  metrics.authFailure('invalid_token');
  return error instanceof AppError ? error : new InvalidToken();
}

/** The token was good and is over. */
export function expired(metrics: Metrics): InvalidToken {
  metrics.token('expired');
  metrics.authFailure('expired_token');
  return new InvalidToken('Token has expired');
}

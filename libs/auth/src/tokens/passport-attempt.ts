import { type IncomingHttpHeaders } from 'node:http';
import { type KeyObject } from 'node:crypto';
import { AppError } from '@platform/kernel';
import { type Metrics } from '@platform/observability';
import { type JwtHeader } from 'jsonwebtoken';
import { type SecretOrKeyProvider } from 'passport-jwt';
import { InvalidToken } from '../auth.errors';

/** How passport hands a strategy its outcomes: on an object that inherits from it, one for each request. */
interface Attempt<C> {
  authenticate: (request: { headers: IncomingHttpHeaders }) => void;
  success: (claims: C) => void;
  fail: (reason: unknown) => void;
  error: (error: unknown) => void;
}

/** A key could not be looked for: nobody knows whether the token is good. */
export class KeyLookupFailed extends Error {
  constructor(override readonly cause: unknown) {
    super('The key of a token could not be looked for');
  }
}

/** Runs a passport strategy without passport's middleware, which would need Express's request and response. */
export function passportAttempt<C>(strategy: object, headers: IncomingHttpHeaders): Promise<C> {
  return new Promise((resolve, reject) => {
    // Every passport strategy has this shape; its types know only the request and response of Express.
    const attempt = Object.create(strategy) as Attempt<C>;
    attempt.success = resolve;
    attempt.fail = reject;
    attempt.error = reject;
    attempt.authenticate({ headers });
  });
}

/**
 * passport-jwt's `secretOrKeyProvider`: the key that the token's header names, or none, which no signature fits.
 * @param keyOf throws AppErrors, which reach the caller as they are; anything else as {@link KeyLookupFailed}
 */
export function keyByHeader(keyOf: (header: JwtHeader) => Promise<KeyObject | null>): SecretOrKeyProvider {
  return (_request, token: string, done) => {
    const handOver = async (): Promise<void> => {
      const header = headerOf(token);
      const key = header && (await keyOf(header).catch((error: unknown) => Promise.reject(new KeyLookupFailed(error))));
      // passport-jwt hands the key to jsonwebtoken as it is, which takes a KeyObject; only its types are older.
      done(null, (key ?? undefined) as unknown as Buffer | undefined);
    };
    // Also what the library throws at a token that it did not expect.
    handOver().catch((error: unknown) => done(error));
  };
}

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

/** The header of a token, or null when it has none that is an object. Nothing is verified. */
export function headerOf(token: string): JwtHeader | null {
  return partOf<JwtHeader>(token, 0);
}

/** What a token claims, or null when it is no JWT. Nothing is verified: good to choose the verifier, and for nothing else. */
export function unverifiedClaims(token: string): Record<string, unknown> | null {
  return partOf(token, 1);
}

function partOf<T extends object>(token: string, index: 0 | 1): T | null {
  const parts = token.split('.', 4);
  if (parts.length !== 3) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(parts[index] ?? '', 'base64url').toString('utf8'));
    // Whoever reads a member asks for its type.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as T) : null;
  } catch {
    return null;
  }
}

import { AuthenticationFailed, BadRequest, NotFound, ServiceUnavailable } from '@platform/kernel';

/** Why a sign-in at a provider came to nothing; the web application is told one of these words. */
export const OIDC_FAILURES = [
  'access_denied',
  'email_taken',
  'provider_error',
  'provider_unavailable',
  'state_mismatch',
] as const;

/** One of {@link OIDC_FAILURES}. */
export type OidcFailure = (typeof OIDC_FAILURES)[number];

/** 404: no such provider is configured. */
export class OidcProviderNotFound extends NotFound {
  constructor(name: string) {
    super('Sign-in provider', name.slice(0, 64));
  }
}

/** 503: the provider does not answer, or not as one of OpenID Connect. */
export class OidcProviderUnavailable extends ServiceUnavailable {
  constructor(name: string, cause: unknown) {
    super(`The sign-in provider ${name} does not answer; try again, or sign in another way`, 5, cause);
  }
}

/** What the provider said, or failed to say, at the end of a sign-in. Never leaves the process as it is. */
export class ProviderRefusal extends Error {
  constructor(
    readonly failure: OidcFailure,
    cause: unknown,
  ) {
    super(`The sign-in provider refused: ${failure}`, { cause });
    this.name = new.target.name;
  }
}

/** 400: the ticket of a link is too old, or was not made here. */
export class LinkTicketRefused extends BadRequest {
  constructor() {
    super('The link is too old; start again from your account');
  }
}

/** 401: the one-time code is unknown, used, expired, or somebody else's. */
export class SignInCodeRefused extends AuthenticationFailed {
  constructor() {
    super('The sign-in code is not good, or not any more; start the sign-in again');
  }
}

const MOST_CAUSES = 8;

/** What can be told of an error of a library. */
export interface Cause {
  readonly name?: unknown;
  readonly code?: unknown;
  /** The word of an OAuth error. */
  readonly error?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
}

/** The error and what caused it, outermost first. */
export function causesOf(error: unknown): Cause[] {
  const causes: Cause[] = [];
  for (let cause = error; typeof cause === 'object' && cause !== null && causes.length < MOST_CAUSES;) {
    const found: Cause = cause;
    causes.push(found);
    cause = found.cause;
  }
  return causes;
}

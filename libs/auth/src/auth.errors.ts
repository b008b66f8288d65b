import { AccessDenied, AuthenticationFailed } from '@platform/kernel';

/** 401 after RFC 6750 §3.1: the access token is expired, revoked, malformed or not ours. */
export class InvalidToken extends AuthenticationFailed {
  constructor(message = 'Invalid token') {
    super(message, `Bearer error="invalid_token", error_description="${message}"`);
  }
}

/** 401: no such account or another password; the answer does not tell which. */
export class InvalidCredentials extends AuthenticationFailed {
  constructor() {
    super('Invalid e-mail or password');
  }
}

/** 401: the refresh token is unknown, expired, or its sign-in has ended. */
export class InvalidRefreshToken extends AuthenticationFailed {
  constructor() {
    super('Invalid refresh token; sign in again', 'Bearer error="invalid_token"');
  }
}

/** 403: the account exists and may not come in. */
export class AccountDeactivated extends AccessDenied {
  constructor() {
    super('User account is deactivated');
  }
}

/** 403: AUTH_PROVIDER leaves out `local`, so nobody signs in here. */
export class SignInElsewhere extends AccessDenied {
  constructor() {
    super('There is no signing in here: sign in at the identity provider of this installation');
  }
}

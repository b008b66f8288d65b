import { AccessDenied, AuthenticationFailed, Conflict } from '@platform/kernel';

const INVALID_TOKEN = 'Bearer error="invalid_token"';

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
    super('Invalid refresh token; sign in again', INVALID_TOKEN);
  }
}

/** 401: the provider's id of the person is empty, too long, or holds what cannot be kept. */
export class SubjectRefused extends AuthenticationFailed {
  constructor() {
    super('The subject of the sign-in must be 1 to 255 characters without control characters', INVALID_TOKEN);
  }
}

/** 409: the address that the provider gives belongs to an account with another way in. */
export class IdentityEmailTaken extends Conflict {
  constructor() {
    super(
      'An account with this e-mail address exists and was made another way; sign in the way you did before',
      'User',
    );
  }
}

/** 403: as {@link IdentityEmailTaken}, said of a token, which every route may be shown. */
export class AddressHasAccount extends AccessDenied {
  constructor() {
    super('An account with this e-mail address exists and was made another way; sign in the way you did before', {
      reason: 'email_taken',
    });
  }
}

/** 409: the provider's subject has an account, and only one. */
export class IdentityTaken extends Conflict {
  constructor() {
    super('This identity belongs to an account already; sign in with it', 'UserIdentity');
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

import {
  AccessDenied,
  AppError,
  AuthenticationFailed,
  Conflict,
  InsufficientAuthentication,
  ValidationFailed,
} from '@platform/kernel';

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

/** 401: the refresh token is unknown, expired, or its session has ended. */
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

/** 409: the address that the provider gives belongs to an account that was made another way. */
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

/** 403: the password is right, and nobody has proved the address yet. */
export class EmailNotVerified extends AppError {
  constructor() {
    super('Verify your e-mail address first: follow the link in our mail, or ask for another one', {
      status: 403,
      code: 'EMAIL_NOT_VERIFIED',
    });
  }
}

/** 429 with `Retry-After` (seconds): too many wrong answers in a row; the same with the right one, and for nobody. */
export class TooManyAttempts extends AppError {
  constructor(retryAfterSeconds: number) {
    super('Too many failed attempts; wait and try again', {
      status: 429,
      code: 'TOO_MANY_ATTEMPTS',
      details: { retry_after: retryAfterSeconds },
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
}

/** 401: the link or one of its siblings was used, it has expired, three newer ones replaced it, or it is none of ours. */
export class InvalidLink extends AuthenticationFailed {
  constructor() {
    super('This link is not good any more; ask for a new one');
  }
}

/** 401 (RFC 9470): the first factor holds; show a code beside the challenge at `POST /public/auth/second-factor`. */
export class SignInNeedsCode extends AppError {
  constructor(challenge: string, expiresInSeconds: number) {
    super('This account is protected by a second factor; show a code', {
      status: 401,
      code: 'SECOND_FACTOR_REQUIRED',
      details: { challenge, expires_in: expiresInSeconds },
      headers: { 'WWW-Authenticate': 'Bearer error="insufficient_user_authentication", acr_values="mfa"' },
    });
  }
}

/** 401: the challenge has expired, was answered, or died of wrong codes. */
export class InvalidChallenge extends AuthenticationFailed {
  constructor() {
    super('The challenge is not good any more; sign in again');
  }
}

/** 401: not the code of this moment, or used before. */
export class WrongCode extends AuthenticationFailed {
  constructor() {
    super('Wrong code');
  }
}

/** 401 (RFC 9470): the person has a second factor, so a password alone proves too little. */
export class StepUpNeedsCode extends InsufficientAuthentication {
  constructor() {
    super('This account is protected by a second factor; prove it with a code', 'acr_values="mfa"');
  }
}

/** 403: the request came with no session of ours that it could be about, such as with an API key. */
export class NoSession extends AccessDenied {
  constructor() {
    super('This concerns a session: sign in with your account, not with an API key or a token of another issuer');
  }
}

/** 409: the second factor is in force; a new one takes its removal. */
export class SecondFactorInForce extends Conflict {
  constructor() {
    super('A second factor is in force; remove it before you set up another one', 'SecondFactor');
  }
}

/** 409: there is no second factor in force, or none that was begun. */
export class NoSecondFactor extends Conflict {
  constructor() {
    super('There is no such second factor; set one up first', 'SecondFactor');
  }
}

/** 422: not the password of the account. The session that asks is good, so no 401, which clients answer by refreshing it. */
export class WrongPassword extends ValidationFailed {
  constructor(field: string) {
    super([{ field, message: 'This is not the password of the account', type: 'wrong_password' }]);
  }
}

/** 422: not a code of this moment, or used before; see {@link WrongPassword}. */
export class InvalidCode extends ValidationFailed {
  constructor() {
    super([{ field: 'code', message: 'This is not a code of this moment, or it was used before', type: 'wrong_code' }]);
  }
}

import { AccessDenied, Conflict, ValidationFailed } from '@platform/kernel';

/** 409: a person has a bounded number of keys. */
export class TooManyApiKeys extends Conflict {
  constructor(most: number) {
    super(`You have ${most} API keys, the most that one person may have; revoke one first`, 'API key');
  }
}

/** 409: what is over is not renewed. */
export class ApiKeyExpired extends Conflict {
  constructor() {
    super('The API key has expired; make a new one', 'API key');
  }
}

/** 422: there is no such permission, or none that a key may carry. */
export class ScopeNotForKeys extends ValidationFailed {
  constructor(scope: string) {
    const message = `'${scope}' is no permission that an API key can have; GET /app/auth/permissions lists those that are`;
    super([{ field: 'scopes', message, type: 'scope' }]);
  }
}

/** 403: nobody gives a key more than they have. */
export class ScopeNotHeld extends AccessDenied {
  constructor(scope: string) {
    super(`You do not have the permission ${scope}, so your API key cannot have it`, { permission: scope });
  }
}

/** 422: a key must end, and after now. */
export class ExpiryOutOfBounds extends ValidationFailed {
  constructor(maxDays: number) {
    const message = `expires_at must be in the future, and within ${maxDays} days`;
    super([{ field: 'expires_at', message, type: 'expiry' }]);
  }
}

/** 422: an old key may stay good for so long after its rotation and no longer. */
export class GraceTooLong extends ValidationFailed {
  constructor(maxMinutes: number) {
    const message = `grace_minutes must be at most ${maxMinutes} (AUTH_API_KEY_ROTATION_GRACE_MINUTES)`;
    super([{ field: 'grace_minutes', message, type: 'max' }]);
  }
}

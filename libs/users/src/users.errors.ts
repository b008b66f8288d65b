import { AccessDenied, AppError, BadRequest, Conflict } from '@platform/kernel';

/** 409: the e-mail address belongs to an account. */
export class EmailTaken extends Conflict {
  constructor() {
    super('An account with this e-mail address exists', 'User');
  }
}

/** 403: only callers who may grant roles touch the accounts that carry one. */
export class RoleNotGrantable extends AccessDenied {
  constructor() {
    super("Role 'superadmin' required");
  }
}

/** 400: nobody changes their own role, so that nobody locks themselves out or lets themselves in. */
export class OwnRoleChange extends BadRequest {
  constructor() {
    super('Cannot change your own role');
  }
}

/** 400: nobody shuts themselves out. */
export class OwnDeactivation extends BadRequest {
  constructor() {
    super('Cannot deactivate your own account');
  }
}

/** 409: somebody must remain who may grant roles. */
export class LastSuperadmin extends Conflict {
  constructor() {
    super('The last active superadmin cannot be demoted or deactivated; make another superadmin first', 'User');
  }
}

/** 409: others depend on the account; `obstacles` says what to settle first. */
export class DeletionBlocked extends AppError {
  constructor(obstacles: readonly string[]) {
    super(`The account cannot be deleted yet: ${obstacles.join('; ')}`, {
      status: 409,
      code: 'CONFLICT',
      details: { resource: 'User', obstacles },
    });
  }
}

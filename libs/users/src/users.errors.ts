import { AccessDenied, BadRequest, Conflict, NotFound, PreconditionFailed } from '@platform/kernel';

/** 404: no such account, or not one that the actor may see. */
export class UserNotFound extends NotFound {
  constructor(id: string) {
    super('User', id);
  }
}

/** 412: the version that the caller saw is not the present one. */
export class UserChanged extends PreconditionFailed {
  constructor(id: string) {
    super('User', id);
  }
}

/** 409: the e-mail address belongs to an account. */
export class EmailTaken extends Conflict {
  constructor() {
    super('An account with this e-mail address exists', 'User');
  }
}

/** 403: only who may grant roles touches the accounts that carry one. */
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

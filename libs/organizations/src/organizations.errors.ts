import { AccessDenied, AppError, Conflict } from '@platform/kernel';
import { type OrganizationRole } from './contract';

/** 403: a member who may not do this; one with the named role may. */
export class OrganizationRoleRequired extends AccessDenied {
  constructor(role: OrganizationRole) {
    super(`Only who is ${role} of the organization may do this; ask one of them`, { required_role: role });
  }
}

/** 409: an organization keeps an owner. */
export class LastOwner extends Conflict {
  constructor() {
    super(
      'The last owner cannot go or step down; transfer the organization to another member first, or delete it',
      'Organization',
    );
  }
}

/** 403: the token was sent to another address than the caller's. */
export class InvitationForAnother extends AccessDenied {
  constructor() {
    super('This invitation was sent to another address; sign in with that one, or ask for an invitation to yours');
  }
}

/** 410: the invitation has been accepted, revoked, or has expired. */
export class InvitationClosed extends AppError {
  constructor(state: 'accepted' | 'revoked' | 'expired') {
    const what = state === 'expired' ? 'has expired' : `was ${state}`;
    super(`This invitation ${what}; ask for another one`, {
      status: 410,
      code: 'INVITATION_CLOSED',
      details: { state },
    });
  }
}

/** 409: the address has an open invitation. */
export class InvitationOpen extends Conflict {
  constructor() {
    super('This address has an open invitation; send it again (…/resend) or revoke it first', 'Invitation');
  }
}

/** 429: the address got an invitation a moment ago. */
export class InvitationJustSent extends AppError {
  constructor(retryAfterSeconds: number) {
    super('This address got an invitation less than a minute ago; send it again later', {
      status: 429,
      code: 'RATE_LIMIT_EXCEEDED',
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
}

/** 409: the person who is invited belongs to the organization already. */
export class AlreadyMember extends Conflict {
  constructor() {
    super('The person with this address is a member already; change the role there', 'Member');
  }
}

/** 403: the plan has no seat left (decision D6). */
export class SeatLimitReached extends AppError {
  constructor(limit: number, used: number) {
    super('The organization has no seat left; remove a member, revoke an invitation, or take a larger plan', {
      status: 403,
      code: 'PLAN_LIMIT_REACHED',
      details: { feature: 'team_members', limit, used, resets_at: null },
    });
  }
}

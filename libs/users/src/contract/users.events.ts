import { domainEvent } from '@platform/kernel';

/** An account exists. */
export class UserRegistered extends domainEvent<{ user_id: string }>('users.user_registered', 'An account exists') {}

/** Fields of an account have new values; `changed` lists their wire names. */
export class UserUpdated extends domainEvent<{ user_id: string; changed: string[] }>(
  'users.user_updated',
  'Fields of an account have new values',
) {}

/** An account is shut out since `deactivated_at` (ISO 8601). */
export class UserDeactivated extends domainEvent<{ user_id: string; deactivated_at: string }>(
  'users.user_deactivated',
  'An account is shut out',
) {}

/** An account that was shut out may sign in again. */
export class UserActivated extends domainEvent<{ user_id: string }>(
  'users.user_activated',
  'An account that was shut out may sign in again',
) {}

/** An account was deleted, with all that was declared of its person; the id refers to nobody any more. */
export class UserErased extends domainEvent<{ user_id: string }>(
  'users.user_erased',
  'An account was deleted, with all that was declared of its person',
) {}

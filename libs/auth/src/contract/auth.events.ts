import { domainEvent } from '@platform/kernel';

/** Sign-ins of a person are over: their tokens are worth nothing, their sockets close. */
export class SignInEnded extends domainEvent<{ user_id: string; session_ids: string[]; reason: string }>(
  'auth.sign_in_ended',
  'Sign-ins of a person are over',
) {}

import { domainEvent } from '@platform/kernel';

/** An API key, or what it was shown by until now, is worth nothing: its sockets close. */
export class ApiKeyEnded extends domainEvent<{ user_id: string; api_key_id: string; reason: 'revoked' | 'rotated' }>(
  'auth.api_key_ended',
  'An API key, or what it was shown by until now, is worth nothing',
) {}

/** An identity is worth nothing: sockets of the person close. */
export class IdentityEnded extends domainEvent<{ user_id: string; provider: string }>(
  'auth.identity_ended',
  'An identity at a provider is worth nothing',
) {}

/** Sessions of a person are over: their tokens are worth nothing, their sockets close. */
export class SessionsEnded extends domainEvent<{ user_id: string; session_ids: string[]; reason: string }>(
  'auth.sign_in_ended',
  'Sessions of a person are over',
) {}

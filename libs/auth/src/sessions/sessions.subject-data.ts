import { defineSubjectData } from '@platform/kernel';

/** What sign-ins hold of people and tenants. */
export const sessionsSubjectData = defineSubjectData([
  {
    table: 'sessions',
    column: 'user_id',
    holds: 'person',
    summary: 'Sign-ins: when, by which means, from which address and device',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  },
  {
    table: 'sessions',
    column: 'tenant_id',
    holds: 'owner',
    summary: 'For which organization a sign-in acts',
    erasure: { kind: 'anonymize', set: { tenant_id: null } },
  },
  {
    table: 'refresh_tokens',
    column: 'session_id',
    holds: 'person',
    via: { table: 'sessions', column: 'user_id' },
    summary: 'The refresh tokens of a sign-in, hashed',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  },
  {
    table: 'browser_sessions',
    column: 'session_id',
    holds: 'person',
    via: { table: 'sessions', column: 'user_id' },
    summary: 'The way of a session into the pages for admins, hashed',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  },
]);

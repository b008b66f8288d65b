import { defineSubjectData } from '@platform/kernel';

/** What sessions hold of people and tenants. */
export const sessionsSubjectData = defineSubjectData([
  {
    table: 'sessions',
    column: 'user_id',
    holds: 'person',
    summary: 'Sessions: when, by which means, from which address and device',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  },
  {
    table: 'sessions',
    column: 'tenant_id',
    holds: 'owner',
    summary: 'For which organization a session acts',
    erasure: { kind: 'anonymize', set: { tenant_id: null } },
  },
  {
    table: 'refresh_tokens',
    column: 'session_id',
    holds: 'person',
    via: { table: 'sessions', column: 'user_id' },
    summary: 'The refresh tokens of a session, hashed',
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

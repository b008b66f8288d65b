import { defineSubjectData } from '@platform/kernel';

/** What sign-in at other providers holds of people, for a minute each. */
export const oidcSubjectData = defineSubjectData([
  {
    table: 'social_sign_ins',
    column: 'user_id',
    holds: 'person',
    summary: 'Sign-ins at another provider that are not complete yet',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  },
]);

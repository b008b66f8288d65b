import { defineSubjectData } from '@platform/kernel';

/** The second factor of a person. */
export const secondFactorSubjectData = defineSubjectData([
  {
    table: 'second_factors',
    column: 'user_id',
    holds: 'person',
    summary: 'The secret that is shared with the authenticator, encrypted',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  },
  {
    table: 'recovery_codes',
    column: 'user_id',
    holds: 'person',
    summary: 'Recovery codes, as hashes',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  },
]);

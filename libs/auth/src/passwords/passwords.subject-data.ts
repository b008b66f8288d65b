import { defineSubjectData } from '@platform/kernel';

/** What passwords hold of people. */
export const passwordsSubjectData = defineSubjectData([
  {
    table: 'local_credentials',
    column: 'user_id',
    holds: 'person',
    summary: 'The password, hashed',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  },
]);

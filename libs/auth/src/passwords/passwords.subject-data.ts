import { defineSubjectData } from '@platform/kernel';

/** What a person proves himself with. */
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

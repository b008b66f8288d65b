import { defineSubjectData } from '@platform/kernel';

/** What API keys hold of people. */
export const apiKeysSubjectData = defineSubjectData([
  {
    table: 'api_keys',
    column: 'user_id',
    holds: 'person',
    summary: 'API keys: their names, what they may do, and when they were used last',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  },
]);

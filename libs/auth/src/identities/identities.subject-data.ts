import { defineSubjectData } from '@platform/kernel';

/** What identities hold of people. */
export const identitiesSubjectData = defineSubjectData([
  {
    table: 'user_identities',
    column: 'user_id',
    holds: 'person',
    summary: 'Providers that the person signs in with, and their ids of the person',
    erasure: { kind: 'delete' },
    firstProof: 'ends',
  },
]);

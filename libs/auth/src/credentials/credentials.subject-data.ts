import { defineSubjectData } from '@platform/kernel';

/** What a person proves himself with. */
export const credentialsSubjectData = defineSubjectData([
  {
    table: 'user_identities',
    column: 'user_id',
    holds: 'person',
    summary: 'By which providers the person signs in, and his ids there',
    erasure: { kind: 'delete' },
  },
  {
    table: 'local_credentials',
    column: 'user_id',
    holds: 'person',
    summary: 'The password, hashed',
    erasure: { kind: 'delete' },
  },
]);

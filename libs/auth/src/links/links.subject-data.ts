import { defineSubjectData } from '@platform/kernel';

/** What links in mails leave behind. */
export const linksSubjectData = defineSubjectData([
  {
    table: 'one_time_tokens',
    column: 'user_id',
    holds: 'person',
    summary: 'Links that were mailed to the person, as hashes, and the address that each went to',
    erasure: { kind: 'delete' },
    firstProof: { stays: 'Links lie in the mailbox of the person who has just proved to hold it' },
  },
]);

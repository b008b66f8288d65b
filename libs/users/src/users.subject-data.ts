import { defineSubjectData } from '@platform/kernel';

/** What users holds of people. */
export const usersSubjectData = defineSubjectData([
  {
    table: 'users',
    column: 'id',
    holds: 'person',
    summary:
      'The account: e-mail address, name, picture, role, plan, ids at payment providers, when and how often signed in',
    erasure: { kind: 'delete' },
    firstProof: {
      stays: 'The account is what the proof is about; name and picture are shown to its person, who may change them',
    },
  },
  {
    table: 'account_deletions',
    column: 'user_id',
    holds: 'person',
    summary: 'That the account was to be deleted, and when it was',
    erasure: {
      kind: 'keep',
      reason: 'Shows that the wish to be deleted was met, and when; the id in it refers to nobody any more',
    },
    firstProof: 'ends',
  },
]);

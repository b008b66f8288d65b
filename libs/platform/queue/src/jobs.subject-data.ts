import { defineSubjectData, type Erasure } from '@platform/kernel';

const UNTIL_PURGED: Erasure = {
  kind: 'keep',
  reason:
    'A job is work under way: it is purged an hour after it is done (JOBS_RETENTION_SECONDS), a failed one after a week ' +
    '(JOBS_DEAD_RETENTION_DAYS)',
};

/** What waiting, running and just finished work holds of people. */
export const jobsSubjectData = defineSubjectData([
  {
    table: 'jobs',
    column: 'payload',
    holds: 'owner',
    summary: 'Whom a job is about: ids, and the address that a last mail goes to',
    erasure: UNTIL_PURGED,
  },
  { table: 'jobs', column: 'context', holds: 'person', summary: 'Who asked for a job', erasure: UNTIL_PURGED },
]);

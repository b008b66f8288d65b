import { defineSubjectData } from '@platform/kernel';

/** What kept answers hold of people. */
export const idempotencySubjectData = defineSubjectData([
  {
    table: 'idempotency_keys',
    column: 'scope',
    holds: 'person',
    summary: 'Answers to requests that carried an Idempotency-Key, by caller',
    erasure: {
      kind: 'keep',
      reason:
        'An answer is kept for a day (IDEMPOTENCY_TTL_HOURS), so that a repeated request works once, and is then removed',
    },
  },
]);

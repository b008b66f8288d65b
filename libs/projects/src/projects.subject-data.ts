import { defineSubjectData } from '@platform/kernel';

/** What projects holds of people and tenants. */
export const projectsSubjectData = defineSubjectData([
  {
    table: 'projects',
    column: 'owner_id',
    holds: 'owner',
    summary: 'Projects, with their names and descriptions',
    erasure: { kind: 'delete' },
  },
]);

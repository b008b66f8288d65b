import { defineSubjectData, type Erasure } from '@platform/kernel';

const EVIDENCE: Erasure = {
  kind: 'keep',
  reason:
    'The trail is evidence of who did what, for us and for others, and is chained: a row that changed would be a forgery',
};

/** What the audit trail holds of people. Ids in it refer to nobody once the account is gone. */
export const auditSubjectData = defineSubjectData([
  { table: 'audit_logs', column: 'actor_id', holds: 'person', summary: 'What somebody did', erasure: EVIDENCE },
  {
    table: 'audit_logs',
    column: 'actor_email',
    holds: 'email',
    summary: 'The address under which somebody acted, as it was then',
    erasure: EVIDENCE,
  },
  {
    table: 'audit_logs',
    column: 'impersonator_id',
    holds: 'person',
    summary: 'Who acted in the name of somebody else',
    erasure: EVIDENCE,
  },
  {
    table: 'audit_logs',
    column: 'resource_id',
    holds: 'owner',
    summary: 'Whose account was acted on, and the values before and after',
    erasure: EVIDENCE,
  },
  {
    table: 'audit_logs',
    column: 'ip_address',
    holds: 'person',
    summary: 'From which address and device somebody acted',
    erasure: EVIDENCE,
  },
]);

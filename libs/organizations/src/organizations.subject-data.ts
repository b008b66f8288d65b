import { defineSubjectData } from '@platform/kernel';

/** What organizations holds of people, and what goes with an organization. */
export const organizationsSubjectData = defineSubjectData([
  {
    table: 'organizations',
    column: 'id',
    holds: 'owner',
    summary: 'The organization itself, with its name',
    erasure: { kind: 'delete' },
  },
  {
    table: 'organizations',
    column: 'created_by',
    holds: 'person',
    summary: 'Who founded an organization',
    erasure: { kind: 'anonymize', set: { created_by: null } },
    firstProof: { stays: 'Says who founded it, and lets nobody in' },
  },
  {
    table: 'organization_memberships',
    column: 'organization_id',
    holds: 'owner',
    summary: 'Who belongs to the organization, and as what',
    erasure: { kind: 'delete' },
  },
  {
    table: 'organization_memberships',
    column: 'user_id',
    holds: 'person',
    summary: 'To which organizations somebody belongs, as what and since when',
    erasure: { kind: 'delete' },
    firstProof: {
      stays:
        'It is what the account has, not a way into it: to leave or delete an organization is for its person to decide',
    },
  },
  {
    table: 'organization_invitations',
    column: 'organization_id',
    holds: 'owner',
    summary: 'Whom the organization has invited',
    erasure: { kind: 'delete' },
  },
  {
    table: 'organization_invitations',
    column: 'email',
    holds: 'email',
    summary: 'Invitations that were sent to an address',
    erasure: { kind: 'delete' },
  },
  {
    table: 'organization_invitations',
    column: 'accepted_by',
    holds: 'person',
    summary: 'Invitations that somebody has accepted',
    erasure: { kind: 'delete' },
    firstProof: { stays: 'To accept one is a proof of the address itself' },
  },
  {
    table: 'organization_invitations',
    column: 'invited_by',
    holds: 'person',
    summary: 'Who has invited somebody',
    erasure: { kind: 'anonymize', set: { invited_by: null } },
    firstProof: 'ends',
  },
]);

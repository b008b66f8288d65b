import { defineJob } from '@platform/kernel';

/** Mail an invitation as of its `version`; keyed by both. The handler makes the token: no row holds one. */
export const SendInvitationMail = defineJob<{ invitation_id: string; version: number }>({
  name: 'organizations.send_invitation_mail',
  summary: 'Mail an invitation to join an organization',
  attempts: 5,
  timeoutMs: 60_000,
});

/** Erase a deleted organization with all that it owns; keyed by the organization and the occasion. */
export const EraseOrganization = defineJob<{ organization_id: string }>({
  name: 'organizations.erase',
  summary: 'Erase a deleted organization with all that it owns',
  attempts: 5,
});

import { integer, setting, settings } from '@platform/config';

/** Settings of organizations. */
export class OrganizationsConfig extends settings('organizations', {
  invitationDays: setting(
    'ORGANIZATIONS_INVITATION_DAYS',
    integer(1, 90).default(7),
    'Days that an invitation is good for, 1–90.',
  ),
  maxSeats: setting(
    'ORGANIZATIONS_MAX_SEATS',
    integer(1, 1_000_000).default(1_000),
    'Members and open invitations that an organization may have where no plan says another number, 1–1000000.',
  ),
}) {}

import { integer, setting, settings } from '@platform/config';

/** Settings of users. */
export class UsersConfig extends settings('users', {
  deletionGraceDays: setting(
    'ACCOUNT_DELETION_GRACE_DAYS',
    integer(0, 90).default(30),
    'Days between the wish to be deleted and the deletion, in which it can be taken back, 0–90.',
  ),
}) {}

import { defineJob } from '@platform/kernel';

/** Greet a new user by mail; keyed by the user, so that one registration sends one mail. */
export const SendWelcomeMail = defineJob<{ user_id: string }>({
  name: 'users.send_welcome_mail',
  summary: 'Greet a new user by mail',
  attempts: 3,
  timeoutMs: 60_000,
});

/** Tell a person what had been set up on the account before the address was proved; keyed by the user. */
export const SendAddressProvedMail = defineJob<{ user_id: string; ended: Record<string, number> }>({
  name: 'users.send_address_proved_mail',
  summary: 'Tell a person what ended with the first proof of the address',
  attempts: 5,
  timeoutMs: 60_000,
});

/** Why a person hears of the deletion of their account while it is there. */
export type DeletionOccasion = 'requested' | 'blocked';

/** Tell a person that the account will be deleted, or what is in the way (`obstacles`); keyed by the deletion and the occasion. */
export const SendDeletionMail = defineJob<{ deletion_id: string; occasion: DeletionOccasion; obstacles: string[] }>({
  name: 'users.send_deletion_mail',
  summary: 'Tell a person that the account will be deleted, or could not be',
  attempts: 5,
  timeoutMs: 60_000,
});

/** Tell the address of a deleted account that it is gone; keyed by the deletion. */
export const SendAccountDeletedMail = defineJob<{ deletion_id: string; email: string }>({
  name: 'users.send_account_deleted_mail',
  summary: 'Tell the address of a deleted account that it is gone',
  attempts: 5,
  timeoutMs: 60_000,
});

/** Delete an account whose grace period is over; keyed by the deletion. */
export const EraseAccount = defineJob<{ deletion_id: string }>({
  name: 'users.erase_account',
  summary: 'Delete an account whose grace period is over, with all that is declared of its person',
  attempts: 5,
});

import { defineSubjectData } from '@platform/kernel';

/** What the in-app inbox holds of people; it is filled in `local` only. */
export const mailboxSubjectData = defineSubjectData([
  {
    table: 'mailbox_messages',
    column: 'to_address',
    holds: 'email',
    summary: 'Mails to the person, in the inbox of a developer',
    erasure: { kind: 'delete' },
  },
]);

import { defineJob } from '@platform/kernel';

/** Greet a new user by mail; keyed by the user, so that one registration sends one mail. */
export const SendWelcomeMail = defineJob<{ user_id: string }>({
  name: 'users.send_welcome_mail',
  summary: 'Greet a new user by mail',
  attempts: 3,
  timeoutMs: 60_000,
});

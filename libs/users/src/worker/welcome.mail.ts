import { defineMailTemplate, html } from '@platform/mail';

/** Greets a new user; a name is known or it is not. */
export const WELCOME = defineMailTemplate<{ name: string | null }>({
  name: 'welcome',
  subject: (_data, { appName }) => `Welcome to ${appName}!`,
  html: ({ name }, { appName }) => html`
    <p>${name === null ? 'Hello,' : html`Hello ${name},`}</p>
    <p>your account at ${appName} is ready. You can sign in with this e-mail address at any time.</p>
  `,
});

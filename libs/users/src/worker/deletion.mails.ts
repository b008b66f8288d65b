import { button, defineMailTemplate, html } from '@platform/mail';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

/** Says when an account will be deleted, and how to take it back. */
export const DELETION_REQUESTED = defineMailTemplate<{ dueAt: Date; link: string }>({
  name: 'deletion_requested',
  subject: (_data, { appName }) => `Your account at ${appName} will be deleted`,
  html: ({ dueAt, link }, { appName }) => html`
    <p>Hello,</p>
    <p>
      you asked us to delete your account at ${appName}. It will be deleted on ${DATE.format(dueAt)} UTC, with all that
      belongs to it. Until then you can sign in as before and take it back.
    </p>
    ${button(link, 'Keep my account')}
    <p>If it was not you who asked: take it back, and change your password.</p>
  `,
});

/** Says why an account that was to be deleted is still there. */
export const DELETION_BLOCKED = defineMailTemplate<{ obstacles: readonly string[]; link: string }>({
  name: 'deletion_blocked',
  subject: (_data, { appName }) => `Your account at ${appName} could not be deleted yet`,
  html: ({ link, obstacles }, { appName }) => html`
    <p>Hello,</p>
    <p>your account at ${appName} was to be deleted. Others depend on it, so it is still there:</p>
    <ul>
      ${obstacles.map((obstacle) => html`<li>${obstacle}</li>`)}
    </ul>
    <p>We try again every day until nothing is in the way, or until you take it back.</p>
    ${button(link, 'Look at it')}
  `,
});

/** Says that an account is gone; the last mail that its person gets. */
export const ACCOUNT_DELETED = defineMailTemplate<Record<string, never>>({
  name: 'account_deleted',
  subject: (_data, { appName }) => `Your account at ${appName} was deleted`,
  html: (_data, { appName }) => html`
    <p>Hello,</p>
    <p>
      your account at ${appName} and all that belonged to it were deleted, as you asked. This is our last mail to you.
    </p>
  `,
});

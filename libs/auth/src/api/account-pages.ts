import { html, type Html } from '@platform/mail';

/** Which page a link in a mail leads to. */
export type AccountPage = 'verify-email' | 'reset-password' | 'magic-link';

interface PageText {
  readonly title: string;
  readonly says: string;
  readonly button: string;
  /** What is asked for beside the token, if anything. */
  readonly field?: Html;
}

const PAGES: Record<AccountPage, PageText> = {
  'verify-email': { title: 'Verify your e-mail address', says: 'Is this address yours?', button: 'Verify it' },
  'reset-password': {
    title: 'Choose a new password',
    says: 'All your sign-ins end when you do.',
    button: 'Set the password',
    field: html`<label
        >New password, at least 10 characters
        <input name="password" type="password" autocomplete="new-password" minlength="10" maxlength="128" required
      /></label>
      <label><input name="revoke_api_keys" type="checkbox" value="true" /> End my API keys, too</label>`,
  },
  'magic-link': { title: 'Sign in', says: 'You asked for a link to sign in.', button: 'Sign in' },
};

const STYLE = html`<style>
  :root {
    color-scheme: light dark;
  }
  body {
    max-width: 26rem;
    margin: 15vh auto;
    padding: 0 1rem;
    font:
      16px/1.5 system-ui,
      sans-serif;
  }
  label,
  input,
  button {
    display: block;
    width: 100%;
    box-sizing: border-box;
  }
  input,
  button {
    margin: 0.5rem 0 1rem;
    padding: 0.625rem;
    font: inherit;
  }
  [type='checkbox'] {
    display: inline;
    width: auto;
    margin: 0;
  }
  pre {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
</style>`;

/** A page with a form. Opening it sends nothing: mail programs and scanners open links, too. */
export function accountPage(page: AccountPage): string {
  const { button, field, says, title } = PAGES[page];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <h1>${title}</h1>
        <p>${says}</p>
        <form data-page="${page}">${field}<button>${button}</button></form>
        <p role="status" aria-live="polite"></p>
        <pre hidden></pre>
        <noscript
          >This page of the development server needs JavaScript; your application's own page replaces it.</noscript
        >
        <script src="/account-pages.js"></script>
      </body>
    </html>`.markup;
}

/** Sends the token of the page's address when the person says so, and shows the answer. */
export const ACCOUNT_PAGES_SCRIPT = `'use strict';
const form = document.querySelector('form');
const status = document.querySelector('[role=status]');
const answerBox = document.querySelector('pre');
const token = new URLSearchParams(location.search).get('token') ?? '';
// The token belongs in no history and on no screenshot.
history.replaceState(null, '', location.pathname);

const ROUTES = {
  'verify-email': 'verify-email',
  'reset-password': 'password/reset',
  'magic-link': 'magic-link/exchange',
};

async function post(route, body) {
  const response = await fetch('/api/v1/public/auth/' + route, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { ok: response.ok, body: text === '' ? null : JSON.parse(text) };
}

function askForCode(challenge) {
  form.dataset.challenge = challenge;
  const label = document.createElement('label');
  const input = document.createElement('input');
  Object.assign(input, { name: 'code', autocomplete: 'one-time-code', required: true });
  label.append('Code of your authenticator, or a recovery code', input);
  form.prepend(label);
  input.focus();
  status.textContent = 'This account is protected by a second factor.';
}

function show({ ok, body }) {
  const error = body?.error;
  if (error?.code === 'SECOND_FACTOR_REQUIRED') return askForCode(error.details.challenge);
  status.textContent = ok ? 'Done.' : (error?.message ?? 'That did not work.');
  answerBox.hidden = body === null || !ok;
  answerBox.textContent = JSON.stringify(body, null, 2);
  form.hidden = ok;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { challenge, page } = form.dataset;
  const fields = Object.fromEntries(new FormData(form));
  // A form knows text only, and leaves out what is not ticked.
  if (fields.revoke_api_keys) fields.revoke_api_keys = true;
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    show(await (challenge ? post('second-factor', { challenge, ...fields }) : post(ROUTES[page], { token, ...fields })));
  } catch {
    status.textContent = 'The server does not answer.';
  } finally {
    button.disabled = false;
  }
});
`;

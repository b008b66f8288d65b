import { type AppPage, type PageField, type PageForm } from '@platform/kernel';
import { html, type Html } from '../html';
import { htmlPage } from './html-page';

const SIGN_IN: readonly PageField[] = [
  { name: 'email', label: 'E-mail address', type: 'text', autocomplete: 'username' },
  { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', maxLength: 128 },
];

/** A page for the links of mails. Opening it sends nothing: mail programs and scanners open links, too. */
export function linkPage({ forms, path, title }: AppPage): string {
  const content = html`<div class="narrow">
    <h1>${title}</h1>
    ${forms.map(formOf)}
    <p role="status" aria-live="polite"></p>
    <div class="code" hidden><pre></pre></div>
    <noscript><p>This page of the development server needs JavaScript.</p></noscript>
    <p class="soft">
      Your web application shows its own <code>${path}</code> once APP_URL says where it is.
      <a href="/dev/mailbox">Mailbox</a>
    </p>
  </div>`;
  return htmlPage({ title, content, script: LINK_PAGE_SCRIPT });
}

function formOf({ button, fields = [], posts, says, sends = [], signedIn, when = {} }: PageForm): Html {
  return html`<form
    class="card pad"
    data-posts="${posts}"
    data-sends="${[...sends, ...fields.map(({ name }) => name)].join(' ')}"
    data-when="${JSON.stringify(when)}"
    hidden
  >
    <p>${says}</p>
    ${signedIn && html`<fieldset aria-label="Sign in">${SIGN_IN.map(fieldOf)}</fieldset>`} ${fields.map(fieldOf)}
    <div class="buttons">
      <button>${button}</button>
      ${signedIn && html`<button class="plain" value="register">Make an account first</button>`}
    </div>
  </form>`;
}

function fieldOf({ autocomplete = 'off', label, maxLength, minLength, name, type }: PageField): Html {
  if (type === 'checkbox') return html`<label><input name="${name}" type="checkbox" value="true" /> ${label}</label>`;
  const shortest = minLength !== undefined && html` minlength="${minLength}"`;
  const longest = maxLength !== undefined && html` maxlength="${maxLength}"`;
  return html`<label
    >${label} <input name="${name}" type="${type}" autocomplete="${autocomplete}" ${shortest} ${longest} required
  /></label>`;
}

/** Sends what the page's address carries when the person says so, and shows the answer. */
export const LINK_PAGE_SCRIPT = `'use strict';
const carried = Object.fromEntries(new URLSearchParams(location.search));
// What the address carries belongs in no history and on no screenshot.
history.replaceState(null, '', location.pathname);
const status = document.querySelector('[role=status]');
const answerBox = document.querySelector('.code');
const fits = ({ dataset }) => Object.entries(JSON.parse(dataset.when)).every(([name, value]) => carried[name] === value);
const form = [...document.forms].find(fits);
const needsSignIn = form?.querySelector('fieldset') != null;
let challenge;
let codeField;

async function post(path, body, token) {
  const response = await fetch('/api/v1' + path, {
    method: 'POST',
    headers: { ...(body && { 'content-type': 'application/json' }), ...(token && { authorization: 'Bearer ' + token }) },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  return { ok: response.ok, status: response.status, body: text === '' ? null : JSON.parse(text) };
}

function say(text, kind = '') {
  status.textContent = text;
  status.className = kind;
}

function askForCode({ details }) {
  challenge = details.challenge;
  const input = document.createElement('input');
  Object.assign(input, { name: 'code', autocomplete: 'one-time-code', required: true });
  codeField = document.createElement('label');
  codeField.append('Code of your authenticator, or a recovery code', input);
  form.prepend(codeField);
  input.focus();
  say('This account is protected by a second factor.');
}

function show({ body, ok }) {
  if (body?.error?.code === 'SECOND_FACTOR_REQUIRED') return askForCode(body.error);
  say(ok ? 'Done.' : (body?.error?.message ?? 'That did not work.'), ok ? 'good' : 'bad');
  answerBox.hidden = body === null || !ok;
  answerBox.querySelector('pre').textContent = JSON.stringify(body, null, 2);
  form.hidden = ok;
}

/** A token of the person; undefined: something else is said instead. */
async function signIn(way, { code, email, password }) {
  const step = challenge ? ['second-factor', { challenge, code }] : [way, { email, password }];
  const answer = await post('/public/auth/' + step[0], step[1]);
  if (answer.status === 202) say('Verify your address first: a mail is on its way. Then follow this link again.');
  else if (!answer.ok) show(answer);
  if (!answer.body?.access_token) return undefined;
  challenge = undefined;
  codeField?.remove();
  return answer.body.access_token;
}

async function send(way, fields) {
  if (!needsSignIn && challenge) return show(await post('/public/auth/second-factor', { challenge, ...fields }));
  const token = needsSignIn ? await signIn(way, fields) : undefined;
  if (needsSignIn && !token) return;
  const names = form.dataset.sends.split(' ').filter(Boolean);
  const body = Object.fromEntries(names.map((name) => [name, fields[name] ?? carried[name]]));
  show(await post(form.dataset.posts, names.length > 0 ? body : undefined, token));
}

form?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const fields = Object.fromEntries(new FormData(form));
  // A form knows text only, and leaves out what is not ticked.
  for (const { name } of form.querySelectorAll(':checked')) fields[name] = true;
  const buttons = [...form.querySelectorAll('button')];
  for (const button of buttons) button.disabled = true;
  say('');
  try {
    await send(event.submitter?.value || 'login', fields);
  } catch {
    say('The server does not answer.', 'bad');
  } finally {
    for (const button of buttons) button.disabled = false;
  }
});

if (carried.error) say('It did not work: ' + carried.error + '.', 'bad');
else if (form) form.hidden = false;
`;

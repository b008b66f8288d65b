/** Signs in when a button says so, shows the token, and copies what stands beside a button. */
export const START_SCRIPT = `'use strict';
const status = document.querySelector('[role=status]');
const box = document.querySelector('[data-token]');
const field = box.querySelector('textarea');

function say(text, kind) {
  status.textContent = text;
  status.className = kind;
}

async function signIn(way, email, password) {
  box.hidden = true;
  say('Asking …', '');
  try {
    const response = await fetch('/api/v1/public/auth/' + way, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    const text = await response.text();
    const answer = text === '' ? {} : JSON.parse(text);
    if (response.status === 202) return say('A mail is on its way: follow its link, then sign in.', '');
    if (!answer.access_token) return say(answer.error?.message ?? 'That did not work.', 'bad');
    say('Signed in as ' + answer.user.email + '.', 'good');
    field.value = answer.access_token;
    box.hidden = false;
  } catch {
    say('The server does not answer.', 'bad');
  }
}

async function copy(button) {
  const source = button.closest('.code')?.querySelector('pre') ?? field;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = label), 1500);
  } catch {
    // No clipboard without https or localhost: what is selected can be copied by hand.
    getSelection().selectAllChildren(source);
    source.select?.();
  }
}

for (const button of document.querySelectorAll('[data-email]')) {
  button.addEventListener('click', () => void signIn('login', button.dataset.email, button.dataset.password));
}
for (const button of document.querySelectorAll('[data-copy]')) button.addEventListener('click', () => void copy(button));
document.querySelector('form')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const fields = new FormData(event.target);
  void signIn(event.submitter.value, fields.get('email'), fields.get('password'));
});
`;

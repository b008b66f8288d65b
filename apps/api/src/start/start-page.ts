import { html, type Html, htmlPage } from '@platform/mail';
import { type Start, type StartLink, type Trial } from './start-facts';
import { START_SCRIPT } from './start-script';

/** `/` in a browser. */
export function startPage(start: Start): string {
  const content = html`<h1>${start.name}</h1>
    <p class="soft">It runs. This is the way in.</p>
    ${factsOf(start)} ${workerNote(start)}
    <h2>Look</h2>
    <ul class="tiles">
      ${start.links.map(tile)}
    </ul>
    <h2>A token</h2>
    <div class="card pad">
      <p>${start.token}</p>
      ${start.accounts.length > 0 ? demoButtons(start) : start.passwords && signInForm()} ${tokenBox()}
    </div>
    <h2>Try</h2>
    <ol class="steps">
      ${start.try.map(step)}
    </ol>
    <p class="soft">
      The same as JSON: <code>curl -s</code> with this address. No one sees this page in production, where
      <code>/</code> is 404.
    </p>`;
  return htmlPage({ title: start.name, content, script: START_SCRIPT });
}

function factsOf({ database, environment, mode, version, worker }: Start): Html {
  const facts = [`version ${version}`, environment, `${mode} mode`, database, `worker ${worker.runs}`];
  return html`<ul class="facts">
    ${facts.map((fact) => html`<li>${fact}</li>`)}
  </ul>`;
}

function workerNote({ worker }: Start): Html | undefined {
  if (worker.runs === 'inside this process') return undefined;
  const waiting = worker.waiting_jobs > 0 && html` <strong>Jobs that wait for it: ${worker.waiting_jobs}.</strong>`;
  return html`<p>
    Mails and other jobs need the worker: start it beside this process with the same settings,
    <code>npm start -- worker</code>.${waiting}
  </p>`;
}

function tile({ about, name, url }: StartLink): Html {
  return html`<li>
    <a href="${url}"><strong>${name}</strong><span>${about}</span></a>
  </li>`;
}

function demoButtons({ accounts }: Start): Html {
  return html`<div class="buttons">
      ${accounts.map(
        ({ email, password, role }, index) =>
          html`<button class="${index > 0 && 'plain'}" data-email="${email}" data-password="${password}">
            Sign in as ${role}
          </button>`,
      )}
    </div>
    <dl>
      ${accounts.map(
        ({ email, role }) =>
          html`<dt>${role}</dt>
            <dd><code>${email}</code></dd>`,
      )}
      <dt>password</dt>
      <dd><code>${accounts[0]?.password}</code></dd>
    </dl>`;
}

function signInForm(): Html {
  return html`<form>
    <label>E-mail address <input name="email" type="email" autocomplete="username" required /></label>
    <label
      >Password
      <input name="password" type="password" autocomplete="current-password" minlength="10" maxlength="128" required
    /></label>
    <div class="buttons">
      <button value="register">Register</button>
      <button class="plain" value="login">Sign in</button>
    </div>
  </form>`;
}

function tokenBox(): Html {
  return html`<p role="status" aria-live="polite"></p>
    <div data-token hidden>
      <label>Access token <textarea rows="4" readonly></textarea></label>
      <div class="buttons"><button data-copy>Copy the token</button></div>
      <p class="soft">In Swagger UI press <strong>Authorize</strong> and paste it.</p>
    </div>
    <noscript><p class="soft">The buttons need JavaScript; the lines below do not.</p></noscript>`;
}

function step({ about, run, title }: Trial): Html {
  const code =
    run.length > 0 &&
    html`<div class="code">
      <pre>${run.join('\n')}</pre>
      <button class="plain small" data-copy>Copy</button>
    </div>`;
  return html`<li>
    <div>
      <h3>${title}</h3>
      <p>${about}</p>
      ${code}
    </div>
  </li>`;
}

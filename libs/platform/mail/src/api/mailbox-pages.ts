import { html, Html } from '../html';
import { MAILBOX_SIZE } from '../mailbox/mailbox';
import { type MailboxMessage } from '../mailbox/mailbox-message.entity';

const STYLE = new Html(`
  :root { color-scheme: light dark; --ink: #1f2937; --soft: #6b7280; --line: #e5e7eb; --page: #f9fafb; --card: #fff; --accent: #1f4ed8 }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e5e7eb; --soft: #9ca3af; --line: #374151; --page: #111827; --card: #1f2937; --accent: #93b4ff }
  }
  * { box-sizing: border-box }
  body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
  main { max-width: 52rem; margin: 0 auto; padding: 2.5rem 1rem }
  h1 { margin: 0; font-size: 1.5rem }
  .soft { margin: .25rem 0 1.5rem; color: var(--soft); font-size: .875rem }
  .card { border: 1px solid var(--line); border-radius: 12px; background: var(--card); overflow: hidden }
  .card > a { display: grid; grid-template-columns: 1fr auto; gap: .125rem 1rem; padding: .875rem 1.25rem; color: inherit;
    text-decoration: none; border-top: 1px solid var(--line) }
  .card > a:first-child { border-top: 0 }
  .card > a:hover, .card > a:focus-visible { background: var(--page) }
  .card strong { overflow-wrap: anywhere }
  .card time, .card span { color: var(--soft); font-size: .875rem }
  .empty { padding: 3rem 1rem; text-align: center; color: var(--soft) }
  a { color: var(--accent) }
  dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1rem 0 1.5rem; font-size: .875rem }
  dt { color: var(--soft) }
  dd { margin: 0; overflow-wrap: anywhere }
  iframe { display: block; width: 100%; height: 34rem; border: 0; background: #fff }
  pre { margin: 0; padding: 1.25rem; white-space: pre-wrap; overflow-wrap: anywhere; font: .875rem/1.6 ui-monospace, monospace }
  h2 { margin: 1.5rem 0 .5rem; font-size: 1rem }
`);

/** The inbox; looks for new mail every five seconds. */
export function inboxPage(messages: readonly MailboxMessage[]): string {
  const content = html` <h1>Mailbox</h1>
    <p class="soft">
      Mail that this application sent in development; the newest ${MAILBOX_SIZE} are kept. Also as
      <a href="/dev/mailbox/messages">JSON</a>.
    </p>
    <div class="card">${messages.length > 0 ? messages.map(line) : html`<p class="empty">No mail yet.</p>`}</div>`;
  return page('Mailbox', content, html`<meta http-equiv="refresh" content="5" />`);
}

function line(message: MailboxMessage): Html {
  return html`<a href="/dev/mailbox/messages/${message.id}">
    <strong>${message.subject}</strong>${time(message.createdAt)} <span>${message.toAddress}</span
    ><span>${message.template}</span></a
  >`;
}

/** One message: as a mail program shows it, and its text part. */
export function messagePage(message: MailboxMessage): string {
  const content = html` <p class="soft"><a href="/dev/mailbox">Mailbox</a></p>
    <h1>${message.subject}</h1>
    <dl>
      <dt>From</dt>
      <dd>${message.fromAddress}</dd>
      <dt>To</dt>
      <dd>${message.toAddress}</dd>
      <dt>Sent</dt>
      <dd>${time(message.createdAt)}</dd>
      <dt>Template</dt>
      <dd>${message.template}</dd>
      <dt>Key</dt>
      <dd>${message.messageKey}</dd>
    </dl>
    <div class="card">
      <iframe
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerpolicy="no-referrer"
        title="The message"
        src="/dev/mailbox/messages/${message.id}/html"
      ></iframe>
    </div>
    <h2>Text part</h2>
    <div class="card"><pre>${message.text}</pre></div>`;
  return page(message.subject, content);
}

/** The message's own HTML; its links open in a new tab, because the frame may show nothing else. */
export function messageBody(message: MailboxMessage): string {
  return message.html.replace('<head>', '<head>\n<base target="_blank">');
}

function time(at: Date): Html {
  const iso = at.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

function page(title: string, content: Html, head?: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${head}
        <title>${title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`.markup;
}

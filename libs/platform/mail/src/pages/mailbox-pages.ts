import { html, type Html } from '../html';
import { MAILBOX_SIZE } from '../mailbox/mailbox';
import { type MailboxMessage } from '../mailbox/mailbox-message.entity';
import { htmlPage } from './html-page';

/** The inbox; looks for new mail every five seconds. */
export function inboxPage(messages: readonly MailboxMessage[]): string {
  const content = html` <h1>Mailbox</h1>
    <p class="soft">
      Mail that this application sent in development; the newest ${MAILBOX_SIZE} are kept. Also as
      <a href="/dev/mailbox/messages">JSON</a>.
    </p>
    <div class="card mails">
      ${messages.length > 0 ? messages.map(line) : html`<p class="empty">No mail yet.</p>`}
    </div>`;
  return htmlPage({ title: 'Mailbox', content, refreshSeconds: 5 });
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
    <div class="card pad"><pre>${message.text}</pre></div>`;
  return htmlPage({ title: message.subject, content });
}

/** The message's own HTML; its links open in a new tab, because the frame may show nothing else. */
export function messageBody(message: MailboxMessage): string {
  return message.html.replace('<head>', '<head>\n<base target="_blank">');
}

function time(at: Date): Html {
  const iso = at.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

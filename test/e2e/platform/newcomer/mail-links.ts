import { eventually } from '../../../support/app-process';
import { mailTemplates } from '../../../support/mail-templates';
import { type Stack } from '../../../support/modes';
import { mails } from '../../../support/registered';

interface MailWire {
  id: string;
  template: string;
}

/** Rule: a link in a mail leads to a page. Every mail of every domain is caused, read, and each of its links followed. */
export function mailLinks(stack: () => Stack): void {
  describe('the mails of all domains', () => {
    it('are each caused by a fixture', () => {
      const missing = mailTemplates().filter((name) => !(name in mails));
      const fix = 'add how it is caused to `mails` in test/e2e/<domain>/*.fixtures.ts, so that its links are followed';
      expect(missing.map((name) => `mail '${name}': ${fix}`)).toEqual([]);
      expect(Object.keys(mails).filter((name) => !mailTemplates().includes(name))).toEqual([]);
    });

    it('lead with each of their links to a page of this server', async () => {
      const violations = await Promise.all(Object.keys(mails).map((name) => linksOf(stack(), name)));
      expect(violations.flat()).toEqual([]);
    });
  });
}

async function linksOf(stack: Stack, template: string): Promise<string[]> {
  const mail = await caused(stack, template);
  const { text: markup } = await stack.client.get<string>(`/dev/mailbox/messages/${mail.id}/html`);
  const violations: string[] = [];
  for (const [, escaped = ''] of markup.matchAll(/\bhref="([^"]*)"/g)) {
    const found = await followed(stack, escaped.replaceAll('&amp;', '&'));
    violations.push(...found.map((violation) => `mail '${template}': ${violation}`));
  }
  return violations;
}

async function caused(stack: Stack, template: string): Promise<MailWire> {
  const to = await mails[template]?.(stack);
  if (to === undefined) throw new Error(`mail '${template}': its fixture does not say to whom it goes`);
  return eventually(`a mail '${template}' to ${to}`, async () => {
    const { body } = await stack.client.get<{ items: MailWire[] }>('/dev/mailbox/messages', { query: { to } });
    return body.items.find((item) => item.template === template);
  });
}

async function followed({ base }: Stack, link: string): Promise<string[]> {
  if (new URL(link).origin !== base) return [`${link} leads away from ${base}, where no test can follow it`];
  const answer = await fetch(link, { headers: { accept: 'text/html' }, redirect: 'manual' });
  const type = answer.headers.get('content-type') ?? '';
  const markup = await answer.text();
  if (answer.status === 200 && type.startsWith('text/html') && markup.includes('<form')) return [];
  return [`${link} answered ${answer.status} ${type}: declare its page in @Domain({ pages })`];
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Markup whose values are escaped already. Only {@link html} and the library's own pieces make it. */
export class Html {
  constructor(readonly markup: string) {}

  toString(): string {
    return this.markup;
  }
}

/** What a template may hold; `undefined` and `false` print nothing, so a condition can stand in place. */
export type HtmlValue = string | number | Html | readonly Html[] | undefined | null | false;

/**
 * Markup with every value escaped, between tags and inside quoted attributes.
 *
 * ```ts
 * html`<p>Hello ${name},</p>${url && button(url, 'Verify')}`
 * ```
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.reduce((markup, part, index) => `${markup}${rendered(values[index - 1])}${part}`));
}

function rendered(value: HtmlValue): string {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map((item) => item.markup).join('');
  return escapeHtml(String(value));
}

/** Text that means itself in HTML, between tags and inside quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/**
 * A link that looks like a button.
 * @throws Error unless the address is absolute http or https: a mail program would run or lose anything else.
 */
export function button(address: string, label: string): Html {
  const { protocol, href } = new URL(address);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new Error(`A mail button may only lead to http or https, not to ${protocol}`);
  }
  const style =
    'display:inline-block;padding:12px 24px;border-radius:8px;background:#1f4ed8;color:#ffffff;' +
    'font-weight:600;text-decoration:none';
  return html`<p style="margin:24px 0"><a href="${href}" style="${style}">${label}</a></p>`;
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ', copy: '©' };

/** The plain text of a mail: what it says without its looks, with the address of each link after its label. */
export function textOf(markup: string): string {
  return markup
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/\s+/g, ' ')
    .replace(/<a\b[^>]*\bhref="(https?:[^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, '$2 ($1)')
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/<\/(p|h[1-6]|tr|li|div|table)>/gi, '\n\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&([a-z]+|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity)
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

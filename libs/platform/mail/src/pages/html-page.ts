import { createHash } from 'node:crypto';
import { html, Html } from '../html';
import { PAGE_STYLE } from './page-style';

/** Three layers: the mark of every page. */
const MARK =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32" fill="#3b6ef5" aria-hidden="true">' +
  '<path d="M16 3 3 10l13 7 13-7z"/><path d="m3 16 13 7 13-7v3l-13 7L3 19z" opacity=".7"/>' +
  '<path d="m3 22 13 7 13-7v3l-13 7L3 25z" opacity=".4"/></svg>';
const ICON = `data:image/svg+xml,${encodeURIComponent(MARK)}`;

/** What a page is made of; `script` is code of ours and runs at the end of the body. */
export interface PageParts {
  readonly title: string;
  readonly content: Html;
  readonly script?: string;
  /** Seconds after which the page loads itself again. */
  readonly refreshSeconds?: number;
}

/** A whole page in the look that all pages of this server share; it loads nothing from anywhere. */
export function htmlPage({ content, refreshSeconds, script, title }: PageParts): string {
  const style = new Html(`<style>${PAGE_STYLE}</style>`);
  const code = script === undefined ? undefined : new Html(`<script>${script}</script>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refreshSeconds !== undefined && html`<meta http-equiv="refresh" content="${refreshSeconds}" />`}
        <title>${title}</title>
        <link rel="icon" href="${ICON}" />
        ${style}
      </head>
      <body>
        <header><a href="/" title="Start page" aria-label="Start page">${new Html(MARK)}</a></header>
        <main>${content}</main>
        ${code}
      </body>
    </html>`.markup;
}

/** The Content-Security-Policy of such a page: its own style, its own script (by their hashes), this server, and nothing else. */
export function pagePolicy({ script, frames = false }: { script?: string; frames?: boolean } = {}): string {
  return [
    "default-src 'none'",
    `style-src ${hashOf(PAGE_STYLE)}`,
    'img-src data:',
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`, "connect-src 'self'"]),
    ...(frames ? ["frame-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

import { type TokenGuide } from '@platform/security';
import { type ApiVersion } from '../entry/api-version';

/** What the document tells of tokens; who is there at the moment it does not. */
export type TokenSources = Omit<TokenGuide, 'demoAccounts'>;

/** What a reader of the document needs before the first request: the way in, and what holds on every route. */
export function introduction(version: ApiVersion, guide: TokenSources | null): string {
  return [wayIn(version, guide), versions(version), errors(), lists(version), repeating()].join('\n\n');
}

function wayIn(version: ApiVersion, guide: TokenSources | null): string {
  const lines = ['## The way in', ''];
  if (guide?.passwords) {
    lines.push(
      `1. **A token.** \`POST /api/${version}/public/auth/register\` makes an account and answers an \`access_token\` ` +
        '(“Try it out” is filled in); `…/login` answers one later.' +
        (guide.verifiesFirst ? ' Before that, the link in the mail must be followed.' : ''),
      '2. **Its use.** Press **Authorize** in Swagger UI and paste it; programs send `Authorization: Bearer <access_token>`. ' +
        `It is good for ${guide.minutes} minutes; \`POST /api/${version}/public/auth/refresh\` exchanges the \`refresh_token\` for the next pair.`,
      `3. **Programs** may send an API key in its place: \`POST /api/${version}/app/api-keys\`.`,
    );
  } else lines.push('Send a token of your identity provider: `Authorization: Bearer <access_token>`.');
  if (guide && guide.issuers.length > 0) lines.push('', `Tokens of ${guide.issuers.join(' and ')} are taken, too.`);
  return [...lines, ...demo(version, guide)].join('\n');
}

function demo(version: ApiVersion, guide: TokenSources | null): string[] {
  if (!guide || guide.demo.length === 0) return [];
  const body = ({ email, password }: (typeof guide.demo)[number]): string =>
    JSON.stringify({ email, password }).replaceAll(/([,:])"/g, '$1 "');
  return [
    '',
    `In embedded mode \`npm start\` has made demo accounts, for \`POST /api/${version}/public/auth/login\`:`,
    '',
    ...guide.demo.map((account) => `- ${account.role}: \`${body(account)}\``),
  ];
}

function versions(version: ApiVersion): string {
  const own =
    version === 'v1'
      ? 'This is version 1: answers are the resources themselves.'
      : 'This is version 2: answers are `{"data": …, "meta": {"request_id", "timestamp", "version"}}`.';
  return (
    `## Versions\n\n${own} Both versions serve the same routes. A version that is going away says so in the headers ` +
    '`Deprecation`, `Sunset` and `Link`.'
  );
}

function errors(): string {
  return [
    '## Errors',
    '',
    'Every error is `{"error": {"code", "message", "details", "request_id"}}`. Switch on `code`; show `message`; quote ' +
      '`request_id`, which every answer also carries in `X-Request-ID`. With 422, `details.errors` names each field. ' +
      '`Accept: application/problem+json` gets RFC 9457 with the same code. With 429 and 503, `Retry-After` says when.',
    '',
    'What belongs to somebody else answers 404, as what does not exist.',
  ].join('\n');
}

function lists(version: ApiVersion): string {
  const next =
    version === 'v1'
      ? 'answer `{items, total, skip, limit}`; the next page stands in the header `Link` (`rel="next"`)'
      : 'answer `data` with `meta.page` `{total, skip, limit, next_cursor}`';
  return `## Lists\n\nThey take \`skip\` and \`limit\` (1–100), or \`cursor\`, which misses nothing while rows come and go; they ${next}.`;
}

function repeating(): string {
  return [
    '## Repeating and colliding',
    '',
    'A request that you repeat with the same `Idempotency-Key` gets the first answer again (`Idempotency-Replayed: true`); ' +
      'the routes that take one show the header.',
    '',
    'A single resource carries an `ETag`. Send it back as `If-Match` with a change: 412 says that somebody was faster. As ' +
      '`If-None-Match` with a read: 304 says that nothing has changed.',
  ].join('\n');
}

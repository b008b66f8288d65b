import { type DomainDeclaration } from '@platform/kernel';
import { code, markdownTable, page } from './markdown';

/** `docs/reference/permissions.md`: what may be allowed, and which roles hold it. */
export function permissionsPage(declarations: readonly DomainDeclaration[]): string {
  const lines = permissionLines(declarations);
  const rows = lines.map((line) => [code(line.permission), allows(line), line.roles.map(code).join(', '), line.domain]);
  const purpose =
    'A route names the permission it needs with `@Can`; a role holds a set of them. Roles come from our own database, ' +
    'never from a claim.';
  return page('Permissions', purpose, [markdownTable(['Permission', 'Allows', 'Held by', 'Declared by'], rows)]);
}

function allows({ session, summary }: { summary: string; session?: true }): string {
  return session ? `${summary} (never with an API key)` : summary;
}

/** `docs/reference/events.md`: the facts that domains publish. */
export function eventsPage(declarations: readonly DomainDeclaration[]): string {
  const rows = eventLines(declarations).map((line) => [code(line.event), line.summary, line.domain]);
  const purpose =
    'Published in the transaction that made them true, delivered after its commit at least once. Listen with ' +
    '`@OnDomainEvent`.';
  return page('Events', purpose, [markdownTable(['Event', 'Fact', 'Published by'], rows)]);
}

/** `docs/reference/pages.md`: what a web application must have for the links of mails to lead somewhere. */
export function pagesPage(declarations: readonly DomainDeclaration[]): string {
  const rows = declarations.flatMap(({ name: domain, pages = [] }) =>
    pages.flatMap(({ forms, path, query, title }) =>
      forms.map(({ fields = [], posts, sends = [], signedIn, when }) => [
        code(`${path}?${query.join('&')}`) + (when ? `, ${Object.entries(when).flat().map(code).join(' = ')}` : ''),
        title,
        [code(`POST ${posts}`), ...[...sends, ...fields.map((field) => field.name)].map(code)].join(' '),
        signedIn ? 'signed in' : 'anybody',
        domain,
      ]),
    ),
  );
  const purpose =
    'Mails and redirects lead to these pages of the web application at `APP_URL`. Opening one must send nothing (mail ' +
    'programs open links, too): its button does. Where `ENVIRONMENT` is local and `APP_URL` is not set, the API shows ' +
    'pages of its own.';
  return page('Pages', purpose, [
    markdownTable(['Address', 'What for', 'Its button sends', 'Who', 'Declared by'], rows),
  ]);
}

/** Every permission, by name. */
export function permissionLines(
  declarations: readonly DomainDeclaration[],
): { permission: string; summary: string; roles: readonly string[]; session?: true; domain: string }[] {
  return declarations
    .flatMap(({ name: domain, permissions = [] }) =>
      permissions.map(({ name, ...rest }) => ({ permission: name, ...rest, domain })),
    )
    .sort((a, b) => a.permission.localeCompare(b.permission));
}

/** Every event type, by name. */
export function eventLines(
  declarations: readonly DomainDeclaration[],
): { event: string; summary: string; domain: string }[] {
  return declarations
    .flatMap(({ name: domain, events = [] }) => events.map(({ type, summary }) => ({ event: type, summary, domain })))
    .sort((a, b) => a.event.localeCompare(b.event));
}

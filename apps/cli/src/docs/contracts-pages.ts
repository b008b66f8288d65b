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

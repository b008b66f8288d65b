import { operationsOf } from './census';
import { posted } from './fixtures';
import { type Stack } from './modes';
import { type Person } from './people';

const ORGANIZATIONS = '/api/v1/app/organizations';
const MEMBER = /^\/api\/v1\/app\/organizations\/\{[^}]+\}\/members\/\{[^}]+\}$/;

/** Id of a new organization of the person. */
export async function organizationOf(founder: Person): Promise<string> {
  return (await posted(founder, ORGANIZATIONS, { name: 'An organization' })).id;
}

/** The same person, acting for the organization. */
export function actingFor(person: Person, organizationId: string): Person {
  return { ...person, client: person.client.with({ 'x-organization-id': organizationId }) };
}

/** Make the person a member behind the curtain: over the API it takes a mail. */
export async function join(stack: Stack, organizationId: string, { user }: Person, role = 'member'): Promise<void> {
  const now = new Date().toISOString();
  await stack.sql(
    `INSERT INTO organization_memberships (organization_id, user_id, role, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?)`,
    ...[organizationId, user.id, role, now, now],
  );
}

/** Have the founder end the membership over the API. @throws Error with the answer when he may not */
export async function dismiss(stack: Stack, organizationId: string, founder: Person, member: Person): Promise<void> {
  const removal = operationsOf(stack.contracts).find(({ method, path }) => method === 'DELETE' && MEMBER.test(path));
  if (!removal) throw new Error(`No route ends the membership of another: ${MEMBER.source}`);
  const ids = [organizationId, member.user.id];
  const answer = await founder.client.delete(removal.path.replaceAll(/\{[^}]+\}/g, () => ids.shift() ?? ''));
  if (answer.status >= 300) throw new Error(`${removal.name} answered ${answer.status} ${answer.text}`);
}

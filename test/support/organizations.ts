import { type ApiClient } from './api-client';
import { eventually } from './app-process';
import { operationsOf } from './operations';
import { type Stack } from './modes';
import { type Person } from './people';
import { type OrganizationWire } from './wire';

const ORGANIZATIONS = '/api/v1/app/organizations';
const MEMBER = /^\/api\/v1\/app\/organizations\/\{[^}]+\}\/members\/\{[^}]+\}$/;

/** Found an organization over the API; the person owns it. */
export async function found(person: Person, name = 'Acme'): Promise<OrganizationWire> {
  const answer = await person.client.post<OrganizationWire>(ORGANIZATIONS, { name });
  if (answer.status !== 201) throw new Error(`Founding ${name} answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

/** The person's client when they act for the organization. */
export function actingFor(person: Person, organizationId: string): ApiClient {
  return person.client.with({ 'X-Organization-Id': organizationId });
}

/** The same person, acting for the organization. */
export function onBehalfOf(organizationId: string, person: Person): Person {
  return { ...person, client: actingFor(person, organizationId) };
}

/** The tokens of invitations that were mailed to the address, newest first. */
export async function invitationsTo(stack: Stack, email: string): Promise<string[]> {
  const inbox = await stack.client.get<{ items: { template: string; text: string }[] }>('/dev/mailbox/messages', {
    query: { to: email },
  });
  const mails = inbox.body.items.filter(({ template }) => template === 'organization_invitation');
  return mails.map(({ text }) => /accept-invitation\?token=(\w+)/.exec(text)?.[1] ?? '');
}

/** Invite the person over the API, and accept in their name with what was mailed to them. */
export async function join(
  stack: Stack,
  owner: Person,
  organizationId: string,
  person: Person,
  role: 'member' | 'admin' = 'member',
): Promise<void> {
  const { email } = person.user;
  const before = (await invitationsTo(stack, email)).length;
  const invited = await owner.client.post(`${ORGANIZATIONS}/${organizationId}/invitations`, { email, role });
  if (invited.status !== 201) throw new Error(`Inviting ${email} answered ${invited.status}: ${invited.text}`);
  const token = await eventually(`an invitation to ${email}`, async () => {
    const tokens = await invitationsTo(stack, email);
    return tokens.length > before ? tokens[0] : undefined;
  });
  const accepted = await person.client.post('/api/v1/app/organization-invitations/accept', { token });
  if (accepted.status !== 200) throw new Error(`Accepting as ${email} answered ${accepted.status}: ${accepted.text}`);
}

/** Make the person a member behind the curtain, in whatever role: over the API it takes a mail. */
export async function enrol(stack: Stack, organizationId: string, { user }: Person, role = 'member'): Promise<void> {
  const now = new Date().toISOString();
  await stack.sql(
    `INSERT INTO organization_memberships (organization_id, user_id, role, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?)`,
    ...[organizationId, user.id, role, now, now],
  );
}

/** Have the founder end the membership over the API. @throws Error with the answer when they may not */
export async function dismiss(stack: Stack, organizationId: string, founder: Person, member: Person): Promise<void> {
  const removal = operationsOf(stack.contracts).find(({ method, path }) => method === 'DELETE' && MEMBER.test(path));
  if (!removal) throw new Error(`No route ends the membership of another: ${MEMBER.source}`);
  const ids = [organizationId, member.user.id];
  const answer = await founder.client.delete(removal.path.replaceAll(/\{[^}]+\}/g, () => ids.shift() ?? ''));
  if (answer.status >= 300) throw new Error(`${removal.name} answered ${answer.status} ${answer.text}`);
}

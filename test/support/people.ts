import { randomBytes } from 'node:crypto';
import { type ApiClient } from './api-client';
import { type Stack } from './modes';
import { type SessionWire, type UserWire } from './wire';

/** The password of everybody in these tests. */
export const PASSWORD = 'correct horse battery';

/** Somebody signed in. */
export interface Person {
  readonly client: ApiClient;
  readonly user: UserWire;
  readonly session: SessionWire;
}

/** An address that nobody has. */
export function newEmail(word = 'someone'): string {
  return `${word}-${randomBytes(5).toString('hex')}@example.com`;
}

/** Register over the API; the person is a `user`. */
export async function signUp(stack: Stack, input: { email?: string; full_name?: string } = {}): Promise<Person> {
  const body = { email: newEmail(), password: PASSWORD, ...input };
  const answer = await stack.client.post<SessionWire>('/api/v1/public/auth/register', body);
  if (answer.status !== 201) throw new Error(`Registering ${body.email} answered ${answer.status}: ${answer.text}`);
  return person(stack, answer.body);
}

/** Sign in over the API. */
export async function signIn(stack: Stack, email: string, password = PASSWORD): Promise<Person> {
  const answer = await stack.client.post<SessionWire>('/api/v1/public/auth/login', { email, password });
  if (answer.status !== 200) throw new Error(`Signing ${email} in answered ${answer.status}: ${answer.text}`);
  return person(stack, answer.body);
}

/** A person whose role was granted behind the curtain, before the first use of it: the API cannot make the first one. */
export async function withRole(stack: Stack, role: 'admin' | 'superadmin'): Promise<Person> {
  const { user } = await signUp(stack, { email: newEmail(role) });
  await stack.sql('UPDATE users SET role = ? WHERE id = ?', role, user.id);
  return signIn(stack, user.email);
}

/** Id of the sign-in that the person came with. */
export function signInIdOf({ session }: Person): string {
  const claims = Buffer.from(session.access_token.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(claims) as { sid: string }).sid;
}

function person(stack: Stack, session: SessionWire): Person {
  return { client: stack.client.as(session.access_token), user: session.user, session };
}

import { type Answer } from '../../../support/api-client';
import { type Operation, pathOf } from '../../../support/operations';
import { type Parameters } from '../../../support/fixtures';
import { type Person } from '../../../support/people';
import { guessedBodyOf } from '../../../support/registered';
import { type ErrorWire } from '../../../support/wire';

const UNKNOWN = '0198f1c2-6f3a-7000-8000-00000000beef';

/** Ask as this client does, for a thing that does not exist: who asks is judged before what is asked for. */
export function asked(operation: Operation, client: Person['client']): Promise<Answer> {
  const nowhere: Parameters = Object.fromEntries(operation.parameters.map((name) => [name, UNKNOWN]));
  return client.send(operation.method, pathOf(operation, nowhere), { body: guessedBodyOf(operation) });
}

/** The code that goes with a refusal where no other is asked for. */
const CODES = { 401: 'AUTHENTICATION_ERROR', 403: 'AUTHORIZATION_ERROR' };

/** A violation unless this status answered, with its code and, for 401, a challenge. */
export function refused(whom: string, answer: Answer, status: 401 | 403, code: string = CODES[status]): string[] {
  if (answer.status !== status) {
    return [`answered ${answer.status} to ${whom}, not ${status}; ${answer.text}`];
  }
  // The client has held the body of every error to the envelope.
  const { error } = answer.body as ErrorWire;
  if (error.code !== code) return [`answered ${error.code} to ${whom}, not ${code}`];
  const challenge = answer.headers.get('www-authenticate');
  if (status === 401 && !challenge?.startsWith('Bearer')) return [`answered 401 to ${whom} without a challenge`];
  return [];
}

/** What the person may do on this sign-in, as the API tells them. */
export async function permissionsOf({ client }: Person): Promise<ReadonlySet<string>> {
  return new Set((await client.get<{ permissions: string[] }>('/api/v1/app/auth/me')).body.permissions);
}

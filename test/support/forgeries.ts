import { createHmac } from 'node:crypto';
import { deriveKey } from '@platform/security';
import { SECRET_KEY } from './stack';

/** A token that claims more than its person has. */
export interface Forgery {
  readonly what: string;
  readonly token: string;
  /** What may answer it: 401 where the token does not hold, 403 where it holds and its claims count for nothing. */
  readonly statuses: readonly number[];
}

/** Every claim by which somebody's token has ever made an admin of a user. */
const CLAIMS = {
  role: 'superadmin',
  roles: ['admin', 'superadmin'],
  user_role: 'admin',
  permissions: ['*'],
  scope: 'admin *',
  is_admin: true,
  app_metadata: { role: 'admin', roles: ['superadmin'] },
  user_metadata: { role: 'admin' },
  public_metadata: { role: 'admin' },
  'https://example.com/roles': ['admin'],
};

/** The person's own token with {@link CLAIMS}: unsigned, under the old signature, and signed as we sign. */
export function forgeriesOf(token: string): Forgery[] {
  const [head = '', body = '', signature = ''] = token.split('.');
  const claims = encode({ ...decode(body), ...CLAIMS });
  const unsigned = encode({ ...decode(head), alg: 'none' });
  const input = `${head}.${claims}`;
  const ours = createHmac('sha256', deriveKey(SECRET_KEY, 'auth:access-token')).update(input).digest('base64url');
  return [
    { what: 'claims under the old signature', token: `${input}.${signature}`, statuses: [401] },
    { what: 'claims without a signature', token: `${unsigned}.${claims}.`, statuses: [401] },
    { what: 'claims with our own signature', token: `${input}.${ours}`, statuses: [403] },
  ];
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}

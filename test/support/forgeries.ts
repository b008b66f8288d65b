import { createHmac, createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import { deriveKey, SealedText } from '@platform/crypto';
import { type Stack } from './modes';
import { SECRET_KEY } from './stack';

/** A token that claims more than its person has. */
export interface Forgery {
  readonly what: string;
  readonly token: string;
  /** What answers it: 401 where the token does not hold, 403 where it holds and its claims count for nothing. */
  readonly status: 401 | 403;
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
  amr: ['pwd', 'mfa'],
  acr: 'mfa',
  auth_time: 4_102_444_800,
};

/** The person's own token with more claims: unsigned, under the old signature, under a stranger's, and as we sign. */
export async function forgeriesOf(token: string, stack: Stack): Promise<Forgery[]> {
  const [head = '', body = '', signature = ''] = token.split('.');
  const claims = encode({ ...decode(body), ...CLAIMS });
  const unsigned = encode({ ...decode(head), alg: 'none' });
  const symmetric = `${encode({ ...decode(head), alg: 'HS256' })}.${claims}`;
  const input = `${head}.${claims}`;
  return [
    { what: 'claims under the old signature', token: `${input}.${signature}`, status: 401 },
    { what: 'claims without a signature', token: `${unsigned}.${claims}.`, status: 401 },
    {
      what: 'claims under a key of the root secret',
      token: `${symmetric}.${hmac(symmetric, SECRET_KEY)}`,
      status: 401,
    },
    {
      what: 'claims under our own signature',
      token: `${input}.${await ours(decode(head), input, stack)}`,
      status: 403,
    },
  ];
}

/** The signature that the API itself would write: with the key that the header names, opened as the API opens it. */
async function ours({ alg, kid }: Record<string, unknown>, input: string, stack: Stack): Promise<string> {
  if (alg === 'HS256') return hmac(input, deriveKey(SECRET_KEY, 'auth:access-token'));
  const [row] = await stack.sql<{ sealed: string }>(
    'SELECT sealed_private_jwk AS sealed FROM signing_keys WHERE kid = ?',
    kid,
  );
  const jwk = new SealedText(SECRET_KEY, 'auth:signing-key').open(row?.sealed ?? '', String(kid));
  if (jwk === null) throw new Error(`No signing key ${String(kid)} that SECRET_KEY opens`);
  const key = createPrivateKey({ key: JSON.parse(jwk) as JsonWebKey, format: 'jwk' });
  return sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

function hmac(input: string, key: string | Buffer): string {
  return createHmac('sha256', key).update(input).digest('base64url');
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}

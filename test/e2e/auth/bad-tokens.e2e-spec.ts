import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { deriveKey } from '@platform/security';
import { describeEachMode } from '../../support/modes';
import { type Person, signUp } from '../../support/people';
import { SECRET_KEY } from '../../support/stack';
import { type ErrorWire } from '../../support/wire';

const ME = '/api/v1/app/users/me';

type Claims = Record<string, unknown>;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part: string | undefined): Claims =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Claims;

/** The key that signs our access tokens: a test that has it can sign what the API never would. */
const KEY = deriveKey(SECRET_KEY, 'auth:access-token');

function hmac(header: object, claims: object, key: string | Buffer = KEY, algorithm = 'sha256'): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${createHmac(algorithm, key).update(input).digest('base64url')}`;
}

describeEachMode('an access token (F36)', (stack) => {
  let person: Person;
  let header: Claims;
  let claims: Claims;

  beforeAll(async () => {
    person = await signUp(stack());
    const parts = person.session.access_token.split('.');
    header = decode(parts[0]);
    claims = decode(parts[1]);
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  const statusOf = async (token: string): Promise<number> => (await stack().client.as(token).get(ME)).status;

  it('is taken when it is what we sign: the battery below fails for its own reason', async () => {
    expect(await statusOf(hmac(header, claims))).toBe(200);
    expect(await statusOf(hmac(header, { ...claims, exp: now() + 600 }))).toBe(200);
  });

  const battery: [string, () => string][] = [
    ['alg none without a signature', () => `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`],
    ['alg None in other letters', () => `${encode({ ...header, alg: 'nOnE' })}.${encode(claims)}.`],
    ['no signature', () => `${encode(header)}.${encode(claims)}.`],
    ['a signature by another key', () => hmac(header, claims, 'x'.repeat(32))],
    ['a signature by the root secret itself', () => hmac(header, claims, SECRET_KEY)],
    ['an empty key', () => hmac(header, claims, '')],
    ['another algorithm of the same family', () => hmac({ ...header, alg: 'HS512' }, claims, KEY, 'sha512')],
    ['an RSA signature by a key that it brings along', () => byOwnRsaKey(header, claims)],
    ['a kid that points into the file system', () => hmac({ ...header, kid: '../../../../dev/null' }, claims, '')],
    ['a jku that points elsewhere', () => hmac({ ...header, jku: 'http://127.0.0.1:9/jwks' }, claims, 'attacker')],
    ['a wrong issuer', () => hmac(header, { ...claims, iss: 'somebody-else' })],
    ['no issuer', () => hmac(header, without(claims, 'iss'))],
    ['a wrong audience', () => hmac(header, { ...claims, aud: 'another-api' })],
    ['no audience', () => hmac(header, without(claims, 'aud'))],
    ['an expiry that has passed', () => hmac(header, { ...claims, iat: now() - 2_000, exp: now() - 60 })],
    ['no expiry', () => hmac(header, without(claims, 'exp'))],
    ['an expiry that is text', () => hmac(header, { ...claims, exp: 'never' })],
    ['a start in the future', () => hmac(header, { ...claims, nbf: now() + 3_600 })],
    ['an issue time in the future', () => hmac(header, { ...claims, iat: now() + 3_600, exp: now() + 7_200 })],
    ['another kind of token', () => hmac({ ...header, typ: 'refresh+jwt' }, claims)],
    ['no subject', () => hmac(header, without(claims, 'sub'))],
    ['an empty subject', () => hmac(header, { ...claims, sub: '' })],
    ['a subject that is no id', () => hmac(header, { ...claims, sub: "' OR 1=1 --" })],
    ['a subject that nobody has', () => hmac(header, { ...claims, sub: '0198f1c2-6f3a-7000-8000-00000000dead' })],
    ['claims changed after signing', () => tampered(person.session.access_token, { role: 'superadmin' })],
    ['two parts', () => person.session.access_token.split('.').slice(0, 2).join('.')],
    ['five parts', () => `${person.session.access_token}.a.b`],
    ['no parts', () => 'token'],
    ['header and claims that are no JSON', () => 'e30x.bm90IGpzb24.c2ln'],
    ['ten thousand characters', () => 'a'.repeat(10_000)],
  ];

  it.each(battery)('with %s is refused with 401 and a challenge', async (_what, make) => {
    const answer = await stack().client.as(make()).get<ErrorWire>(ME);
    expect([answer.status, answer.body.error.code]).toEqual([401, 'AUTHENTICATION_ERROR']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.body.error.message).not.toMatch(/jsonwebtoken|jwt |secretOrKey|algorithm/i);
  });

  it('gives no role: claims of one are not looked at', async () => {
    const forged = hmac(header, { ...claims, role: 'superadmin', user_role: 'admin', app_metadata: { role: 'admin' } });
    const answer = await stack().client.as(forged).get('/api/v1/admin/users');
    expect([401, 403]).toContain(answer.status);
  });

  it('says in its challenge that it has expired, so that a client refreshes', async () => {
    const token = hmac(header, { ...claims, iat: now() - 2_000, exp: now() - 60 });
    const answer = await stack().client.as(token).get<ErrorWire>(ME);
    expect(answer.body.error.message).toBe('Token has expired');
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
  });

  it('is taken within 5 s of leeway and no longer', async () => {
    expect(await statusOf(hmac(header, { ...claims, exp: now() - 2 }))).toBe(200);
    expect(await statusOf(hmac(header, { ...claims, exp: now() - 8 }))).toBe(401);
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', 'Token abc', 'bearer'])(
    'is not found in the header %j',
    async (authorization) => {
      const answer = await stack().client.get(ME, { headers: { authorization } });
      expect(answer.status).toBe(401);
    },
  );

  it('is not taken from the query', async () => {
    for (const name of ['token', 'access_token', 'bearer']) {
      const answer = await stack().client.get(ME, { query: { [name]: person.session.access_token } });
      expect([401, 422]).toContain(answer.status);
    }
  });
});

function without(claims: Claims, name: string): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
}

function tampered(token: string, more: Claims): string {
  const [head, body, signature] = token.split('.');
  return `${head}.${encode({ ...decode(body), ...more })}.${signature}`;
}

function byOwnRsaKey(header: Claims, claims: Claims): string {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const input = `${encode({ ...header, alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) })}.${encode(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describeEachMode } from '../../support/modes';
import { type Person, signUp } from '../../support/people';
import { SECRET_KEY } from '../../support/stack';
import {
  type Claims,
  decodePart,
  encodePart,
  handMade,
  hmacBy,
  ownSigningKey,
  signedBy,
  without,
} from '../../support/tokens';
import { type ErrorWire } from '../../support/wire';

const ME = '/api/v1/app/users/me';
const ZEROS = (): Buffer => Buffer.alloc(64);

describeEachMode('an access token (F36)', (stack) => {
  let person: Person;
  let header: Claims;
  let claims: Claims;
  let key: KeyObject;

  beforeAll(async () => {
    person = await signUp(stack());
    const parts = person.session.access_token.split('.');
    header = decodePart(parts[0]);
    claims = decodePart(parts[1]);
    key = await ownSigningKey(stack(), header.kid);
  });

  /** Signed by our own key: what a thief of the key could make, and a check must refuse for another reason. */
  const signed = (of: Claims, by: Claims = {}): string => handMade({ ...header, ...by }, of, signedBy(key));
  const publicPem = (): string => createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string;
  const publicDer = (): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });

  const now = (): number => Math.floor(Date.now() / 1000);
  const statusOf = async (token: string): Promise<number> => (await stack().client.as(token).get(ME)).status;

  it('is taken when it is what we sign: the battery below fails for its own reason', async () => {
    expect(await statusOf(signed(claims))).toBe(200);
    expect(await statusOf(signed({ ...claims, exp: now() + 600 }))).toBe(200);
  });

  const battery: [string, () => string][] = [
    ['alg none without a signature', () => `${encodePart({ ...header, alg: 'none' })}.${encodePart(claims)}.`],
    ['alg None in other letters', () => `${encodePart({ ...header, alg: 'nOnE' })}.${encodePart(claims)}.`],
    ['no signature', () => `${encodePart(header)}.${encodePart(claims)}.`],
    ['a signature by another key', () => handMade(header, claims, signedBy(strangers('ec')))],
    ['a signature of zeros', () => handMade(header, claims, ZEROS)],
    ['an HMAC by the public key', () => handMade({ ...header, alg: 'HS256' }, claims, hmacBy(publicPem()))],
    ['an HMAC by the public key in DER', () => handMade({ ...header, alg: 'HS256' }, claims, hmacBy(publicDer()))],
    ['an HMAC by the root secret itself', () => handMade({ ...header, alg: 'HS256' }, claims, hmacBy(SECRET_KEY))],
    ['an HMAC by an empty key', () => handMade({ ...header, alg: 'HS256' }, claims, hmacBy(''))],
    ['an HMAC under our algorithm', () => handMade(header, claims, hmacBy(publicPem()))],
    [
      'another algorithm of the same family',
      () => handMade({ ...header, alg: 'ES512' }, claims, signedBy(key, 'sha512')),
    ],
    ['an RSA signature', () => handMade({ ...header, alg: 'RS256' }, claims, signedBy(strangers('rsa')))],
    ['a key that it brings along', () => byOwnKey(header, claims)],
    ['a key that it brings along and no kid', () => byOwnKey(without(header, 'kid'), claims)],
    ['no kid', () => handMade(without(header, 'kid'), claims, signedBy(key))],
    ['an unknown kid', () => signed(claims, { kid: '0198f1c2-6f3a-7000-8000-00000000dead' })],
    ['a kid that is SQL', () => signed(claims, { kid: "x' OR '1'='1" })],
    [
      'a kid that points into the file system',
      () => handMade({ ...header, alg: 'HS256', kid: '../../../../dev/null' }, claims, hmacBy('')),
    ],
    ['a jku that points elsewhere', () => signed(claims, { jku: 'http://127.0.0.1:9/jwks' })],
    ['an x5u that points elsewhere', () => signed(claims, { x5u: 'http://127.0.0.1:9/chain' })],
    ['a critical extension', () => signed(claims, { crit: ['exp'] })],
    ['a wrong issuer', () => signed({ ...claims, iss: 'somebody-else' })],
    ['no issuer', () => signed(without(claims, 'iss'))],
    ['a wrong audience', () => signed({ ...claims, aud: 'another-api' })],
    ['no audience', () => signed(without(claims, 'aud'))],
    ['an expiry that has passed', () => signed({ ...claims, iat: now() - 2_000, exp: now() - 60 })],
    ['no expiry', () => signed(without(claims, 'exp'))],
    ['an expiry that is text', () => signed({ ...claims, exp: 'never' })],
    ['an age beyond its life', () => signed({ ...claims, iat: now() - 1_000, exp: now() + 600 })],
    ['a start in the future', () => signed({ ...claims, nbf: now() + 3_600 })],
    ['an issue time in the future', () => signed({ ...claims, iat: now() + 3_600, exp: now() + 7_200 })],
    ['no issue time', () => signed(without(claims, 'iat'))],
    ['another kind of token', () => signed(claims, { typ: 'refresh+jwt' })],
    ['no kind', () => handMade(without(header, 'typ'), claims, signedBy(key))],
    ['no subject', () => signed(without(claims, 'sub'))],
    ['an empty subject', () => signed({ ...claims, sub: '' })],
    ['a subject that is no id', () => signed({ ...claims, sub: "' OR 1=1 --" })],
    ['a subject that nobody has', () => signed({ ...claims, sub: '0198f1c2-6f3a-7000-8000-00000000dead' })],
    ['no session', () => signed(without(claims, 'sid'))],
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
    const forged = signed({ ...claims, role: 'superadmin', user_role: 'admin', app_metadata: { role: 'admin' } });
    expect(await statusOf(forged)).toBe(200);
    const answer = await stack().client.as(forged).get('/api/v1/admin/users');
    expect(answer.status).toBe(403);
  });

  it('says in its challenge that it has expired, so that a client refreshes', async () => {
    const token = signed({ ...claims, iat: now() - 2_000, exp: now() - 60 });
    const answer = await stack().client.as(token).get<ErrorWire>(ME);
    expect(answer.body.error.message).toBe('Token has expired');
    expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
  });

  it('is taken within 5 s of leeway and no longer', async () => {
    expect(await statusOf(signed({ ...claims, exp: now() - 2 }))).toBe(200);
    expect(await statusOf(signed({ ...claims, exp: now() - 8 }))).toBe(401);
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

function tampered(token: string, more: Claims): string {
  const [head, body, signature] = token.split('.');
  return `${head}.${encodePart({ ...decodePart(body), ...more })}.${signature}`;
}

function strangers(kind: 'ec' | 'rsa'): KeyObject {
  if (kind === 'rsa') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function byOwnKey(header: Claims, claims: Claims): string {
  const key = strangers('ec');
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  return handMade({ ...header, jwk }, claims, signedBy(key));
}

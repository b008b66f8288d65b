import { createHmac, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type CoreConfig } from '@platform/config';
import { SystemClock } from '@platform/kernel';
import { type Metrics } from '@platform/observability';
import { deriveKey } from '@platform/security';
import { type Algorithm, sign } from 'jsonwebtoken';
import { type AuthConfig } from '../auth.config';
import { accessTokenKey } from './access-token';
import { AccessTokenStrategy } from './access-token.strategy';
import { AccessTokenVerifier } from './access-token.verifier';

const SECRET = 'a-key-of-the-tests-that-is-long-enough';
const KEY = accessTokenKey(SECRET);
const USER = '0198f1c2-6f3a-7000-8000-000000000001';
const now = () => Math.floor(Date.now() / 1000);
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const counted: string[] = [];
// The strategy and the verifier read these members only.
const metrics = {
  token: (operation: string) => counted.push(operation),
  authFailure: (reason: string) => counted.push(reason),
} as unknown as Metrics;
const strategy = new AccessTokenStrategy(
  { secretKey: SECRET } as CoreConfig,
  { issuer: 'omnistack', audience: 'omnistack-api', accessTokenMinutes: 15 } as AuthConfig,
  new SystemClock(),
);
const verifier = new AccessTokenVerifier(strategy, metrics);

interface Recipe {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: KeyObject;
  algorithm?: Algorithm;
}

/** A good token but for what the recipe says; a claim of undefined is left out. */
function token({ algorithm = 'HS256', claims = {}, header = {}, key = KEY }: Recipe = {}): string {
  const good = {
    iss: 'omnistack',
    aud: 'omnistack-api',
    sub: USER,
    sid: 's1',
    jti: 'j1',
    iat: now(),
    exp: now() + 900,
  };
  const payload = Object.fromEntries(Object.entries({ ...good, ...claims }).filter(([, value]) => value !== undefined));
  return sign(payload, key, {
    algorithm,
    noTimestamp: payload.iat === undefined,
    header: { alg: algorithm, typ: 'at+jwt', ...header },
  });
}

/** A token signed by hand, for what a library refuses to write. */
function byHand(header: object, payload: object, signature = ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(payload)}.${signature}`;
}

function hs256(header: object, key: string | Buffer, claims: object = {}): string {
  const payload = {
    iss: 'omnistack',
    aud: 'omnistack-api',
    sub: USER,
    sid: 's1',
    iat: now(),
    exp: now() + 900,
    ...claims,
  };
  const unsigned = byHand(header, payload).slice(0, -1);
  return `${unsigned}.${createHmac('sha256', key).update(unsigned).digest('base64url')}`;
}

function flipped(text: string): string {
  const [head = '', body = '', signature = ''] = text.split('.');
  return [head, body, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)].join('.');
}

const verify = (authorization: string) => verifier.verify({ authorization });
const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
const jwk = rsa.publicKey.export({ format: 'jwk' });

const BAD: Record<string, () => string> = {
  'alg none, unsigned': () => byHand({ alg: 'none', typ: 'at+jwt' }, { sub: USER, exp: now() + 900 }),
  'alg None with a signature': () => byHand({ alg: 'None', typ: 'at+jwt' }, { sub: USER }, 'x'),
  'a signature cut off': () => token().split('.').slice(0, 2).join('.') + '.',
  'a flipped signature': () => flipped(token()),
  'claims changed after signing': () => {
    const [head, , signature] = token().split('.');
    return `${head}.${Buffer.from(JSON.stringify({ sub: 'admin', exp: now() + 900 })).toString('base64url')}.${signature}`;
  },
  'another HMAC length': () => token({ algorithm: 'HS512', key: createSecretKey(Buffer.alloc(64, 1)) }),
  'HS384 under our key': () => token({ algorithm: 'HS384' }),
  'HS512 under our key': () => token({ algorithm: 'HS512' }),
  'the root secret as key': () => token({ key: createSecretKey(Buffer.from(SECRET)) }),
  'a key of another purpose': () => token({ key: createSecretKey(deriveKey(SECRET, 'signed-text:cursor')) }),
  'RS256 of a stranger': () => token({ algorithm: 'RS256', key: rsa.privateKey }),
  'ES256 of a stranger': () => token({ algorithm: 'ES256', key: ec.privateKey }),
  'HS256 with a public key as secret': () => hs256({ alg: 'HS256', typ: 'at+jwt' }, pem),
  'an embedded jwk': () => token({ algorithm: 'RS256', key: rsa.privateKey, header: { jwk } }),
  'an embedded jwk under our key': () => token({ header: { jwk } }),
  'a jku': () => token({ header: { jku: 'https://evil.example/jwks.json' } }),
  'a kid that climbs directories': () => token({ header: { kid: '../../dev/null' } }),
  'a critical extension': () => token({ header: { crit: ['exp'] } }),
  'typ JWT': () => token({ header: { typ: 'JWT' } }),
  'no typ': () => token({ header: { typ: undefined } }),
  'another issuer': () => token({ claims: { iss: 'other' } }),
  'no issuer': () => token({ claims: { iss: undefined } }),
  'another audience': () => token({ claims: { aud: 'other' } }),
  'no audience': () => token({ claims: { aud: undefined } }),
  'no expiry': () => token({ claims: { exp: undefined } }),
  'an expiry that is text': () => hs256({ alg: 'HS256', typ: 'at+jwt' }, KEY.export(), { exp: '9999999999' }),
  'no time of issue': () => token({ claims: { iat: undefined } }),
  'a time of issue in the future': () => token({ claims: { iat: now() + 60 } }),
  'a time of issue too long ago': () => token({ claims: { iat: now() - 1_000 } }),
  'not valid yet': () => token({ claims: { nbf: now() + 60 } }),
  'no subject': () => token({ claims: { sub: undefined } }),
  'an empty subject': () => token({ claims: { sub: '' } }),
  'no session': () => token({ claims: { sid: undefined } }),
  'a session that is an object': () => token({ claims: { sid: { $ne: '' } } }),
  'four parts': () => `${token()}.x`,
  'no token at all': () => '',
  'more than is looked at': () => token() + 'A'.repeat(5_000),
};

describe('the access token verifier', () => {
  beforeEach(() => counted.splice(0));

  it('accepts a good token and tells whom it speaks for', async () => {
    const claims = await verify(`Bearer ${token()}`);
    expect(claims).toEqual({ userId: USER, sessionId: 's1', expiresAt: expect.any(Date) as Date });
    await expect(verify(`bearer  ${token()} `)).resolves.toMatchObject({ userId: USER });
    expect(counted).toEqual(['verified', 'verified']);
  });

  it('accepts our own clocks being five seconds apart, and no more', async () => {
    await expect(verify(`Bearer ${token({ claims: { iat: now() + 3 } })}`)).resolves.toBeDefined();
    await expect(verify(`Bearer ${token({ claims: { exp: now() - 3 } })}`)).resolves.toBeDefined();
    await expect(verify(`Bearer ${token({ claims: { exp: now() - 7 } })}`)).rejects.toThrow('Token has expired');
  });

  it.each(Object.entries(BAD))(
    'refuses %s with a challenge and without the words of a library',
    async (_title, bad) => {
      const refusal = (await verify(`Bearer ${bad()}`).catch((error: unknown) => error)) as Error;
      expect(refusal).toMatchObject({ status: 401, code: 'AUTHENTICATION_ERROR' });
      expect(refusal).toMatchObject({
        headers: { 'WWW-Authenticate': expect.stringMatching(/^Bearer error="invalid_token"/) as string },
      });
      expect(refusal.message).toMatch(/^(Invalid token|Token has expired|Token missing 'sub' claim)$/);
      expect(counted).not.toContain('verified');
    },
  );

  it('names an expired token, and counts it', async () => {
    await expect(verify(`Bearer ${token({ claims: { iat: now() - 800, exp: now() - 60 } })}`)).rejects.toMatchObject({
      message: 'Token has expired',
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token", error_description="Token has expired"' },
    });
    expect(counted).toEqual(['expired', 'expired_token']);
  });
});

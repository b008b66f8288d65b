import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from 'node:crypto';
import { SystemClock } from '@platform/kernel';
import { type Metrics } from '@platform/observability';
import { type Algorithm, sign } from 'jsonwebtoken';
import { type AuthConfig } from '../auth.config';
import { type KeyRing } from './key-ring';
import { AccessTokenVerifier } from './access-token.verifier';
import { type VerifiedTokens } from './verified-tokens';

const USER = '0198f1c2-6f3a-7000-8000-000000000001';
const KID = '0198f1c2-6f3a-7000-8000-00000000beef';
const now = () => Math.floor(Date.now() / 1000);
const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });

const counted: string[] = [];
// The strategy and the verifier read these members only.
const metrics = {
  token: (operation: string) => counted.push(operation),
  authFailure: (reason: string) => counted.push(reason),
} as unknown as Metrics;
let revoked = false;
let lookUp = (kid: unknown): Promise<unknown> => Promise.resolve(kid === KID ? { kid, ...ours } : null);
const ring = {
  find: (kid: unknown) => lookUp(kid),
  known: (kid: unknown) => Promise.resolve(kid === KID && !revoked ? { kid, ...ours } : null),
} as unknown as KeyRing;
const clock = new SystemClock();
const config = { issuer: 'omnistack', audience: 'omnistack-api', accessTokenMinutes: 15 } as AuthConfig;
const remembered = new Map<string, unknown>();
const memory: Pick<VerifiedTokens, 'claimsOf'> = {
  claimsOf: async <C>(_kind: string, token: string, verify: () => Promise<C>): Promise<C> => {
    if (!remembered.has(token)) remembered.set(token, await verify());
    return remembered.get(token) as C;
  },
};
const verifier = new AccessTokenVerifier(config, ring, memory as VerifiedTokens, clock, metrics);

interface Recipe {
  header?: Record<string, unknown>;
  claims?: Record<string, unknown>;
  key?: KeyObject;
  algorithm?: Algorithm;
}

/** A good token but for what the recipe says; a claim of undefined is left out. */
function token({ algorithm = 'ES256', claims = {}, header = {}, key = ours.privateKey }: Recipe = {}): string {
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
    header: { alg: algorithm, typ: 'at+jwt', kid: KID, ...header },
  });
}

type HandSigner = (input: string) => Buffer;

const withHmac =
  (key: string | Buffer, hash = 'sha256'): HandSigner =>
  (input) =>
    createHmac(hash, key).update(input).digest();
const withOurKey: HandSigner = (input) =>
  signBytes('sha256', Buffer.from(input), { key: ours.privateKey, dsaEncoding: 'ieee-p1363' });

/** A token signed by hand, for what a library refuses to write. */
function byHand(header: object, claims: object = {}, signer: HandSigner = () => Buffer.alloc(0)): string {
  const good = { iss: 'omnistack', aud: 'omnistack-api', sub: USER, sid: 's1', iat: now(), exp: now() + 900 };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part({ typ: 'at+jwt', kid: KID, ...header })}.${part({ ...good, ...claims })}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

function flipped(text: string): string {
  const [head = '', body = '', signature = ''] = text.split('.');
  return [head, body, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)].join('.');
}

const verify = (authorization: string) => verifier.verify({ authorization });
const pem = ours.publicKey.export({ type: 'spki', format: 'pem' }) as string;
const der = ours.publicKey.export({ type: 'spki', format: 'der' });
const jwk = ec.publicKey.export({ format: 'jwk' });

const BAD: Record<string, () => string> = {
  'alg none, unsigned': () => byHand({ alg: 'none' }),
  'alg None with a signature': () => byHand({ alg: 'None' }, {}, () => Buffer.from('x')),
  'an alg that is no text': () => byHand({ alg: ['ES256'] }, {}, withOurKey),
  'no alg': () => byHand({}, {}, withOurKey),
  'a signature cut off': () => token().split('.').slice(0, 2).join('.') + '.',
  'a flipped signature': () => flipped(token()),
  'a signature of zeros (CVE-2022-21449)': () => byHand({ alg: 'ES256' }, {}, () => Buffer.alloc(64)),
  'a signature in the wrong form': () =>
    byHand({ alg: 'ES256' }, {}, (input) => signBytes('sha256', Buffer.from(input), ours.privateKey)),
  'claims changed after signing': () => {
    const [head, , signature] = token().split('.');
    return `${head}.${Buffer.from(JSON.stringify({ sub: 'admin', exp: now() + 900 })).toString('base64url')}.${signature}`;
  },
  'HS256 with our public key as secret': () => byHand({ alg: 'HS256' }, {}, withHmac(pem)),
  'HS256 with our public key in DER': () => byHand({ alg: 'HS256' }, {}, withHmac(der)),
  'HS256 with our public key as JWK': () =>
    byHand({ alg: 'HS256' }, {}, withHmac(JSON.stringify(ours.publicKey.export({ format: 'jwk' })))),
  'HS512 with our public key': () => byHand({ alg: 'HS512' }, {}, withHmac(pem, 'sha512')),
  'HS256 with an empty key': () => byHand({ alg: 'HS256' }, {}, withHmac('')),
  'another algorithm of the family': () => token({ algorithm: 'ES384', key: p384.privateKey }),
  'RS256 of a stranger': () => token({ algorithm: 'RS256', key: rsa.privateKey }),
  'PS256 of a stranger': () => token({ algorithm: 'PS256', key: rsa.privateKey }),
  'ES256 of a stranger': () => token({ key: ec.privateKey }),
  'an embedded jwk': () => token({ key: ec.privateKey, header: { jwk } }),
  'an embedded jwk under our key': () => token({ header: { jwk } }),
  'an embedded jwk without kid': () => token({ key: ec.privateKey, header: { jwk, kid: undefined } }),
  'a jku': () => token({ header: { jku: 'https://evil.example/jwks.json' } }),
  'an x5u': () => token({ header: { x5u: 'https://evil.example/chain.pem' } }),
  'an x5c': () => token({ header: { x5c: ['MIIB'] } }),
  'no kid': () => token({ header: { kid: undefined } }),
  'an empty kid': () => token({ header: { kid: '' } }),
  'an unknown kid': () => token({ header: { kid: '0198f1c2-6f3a-7000-8000-00000000dead' } }),
  'a kid that is a list': () => byHand({ alg: 'ES256', kid: [KID] }, {}, withOurKey),
  'a kid that is SQL': () => token({ header: { kid: "' OR '1'='1" } }),
  'a kid that climbs directories': () => byHand({ alg: 'HS256', kid: '../../dev/null' }, {}, withHmac('')),
  'a critical extension': () => token({ header: { crit: ['exp'] } }),
  'an unencoded payload': () => byHand({ alg: 'ES256', b64: false }, {}, withOurKey),
  'typ JWT': () => token({ header: { typ: 'JWT' } }),
  'no typ': () => token({ header: { typ: undefined } }),
  'another issuer': () => token({ claims: { iss: 'other' } }),
  'no issuer': () => token({ claims: { iss: undefined } }),
  'another audience': () => token({ claims: { aud: 'other' } }),
  'no audience': () => token({ claims: { aud: undefined } }),
  'no expiry': () => token({ claims: { exp: undefined } }),
  'an expiry that is text': () => byHand({ alg: 'ES256' }, { exp: '9999999999' }, withOurKey),
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
  beforeEach(() => {
    counted.splice(0);
    revoked = false;
  });

  it('accepts a good token and tells whom it speaks for', async () => {
    const claims = await verify(`Bearer ${token()}`);
    expect(claims).toMatchObject({ userId: USER, sessionId: 's1', kid: KID, expiresAt: expect.any(Date) as Date });
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

  it('accepts what its own tests write by hand: the battery above fails for its own reason', async () => {
    await expect(verify(`Bearer ${byHand({ alg: 'ES256' }, {}, withOurKey)}`)).resolves.toMatchObject({ userId: USER });
  });

  it('looks at the expiry and the key of a token that it remembers, on every use', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'], now: Date.now() });
    try {
      const bearer = `Bearer ${token({ claims: { exp: now() + 60 } })}`;
      await verify(bearer);
      revoked = true;
      await expect(verify(bearer)).rejects.toThrow('Invalid token');
      revoked = false;
      await expect(verify(bearer)).resolves.toBeDefined();
      jest.setSystemTime(Date.now() + 66_000);
      await expect(verify(bearer)).rejects.toThrow('Token has expired');
    } finally {
      jest.useRealTimers();
    }
  });

  it('ends a remembered token at its greatest age, whatever its expiry says', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'], now: Date.now() });
    try {
      const bearer = `Bearer ${token({ claims: { exp: now() + 86_400 } })}`;
      await verify(bearer);
      jest.setSystemTime(Date.now() + 906_000);
      await expect(verify(bearer)).rejects.toThrow('Token has expired');
    } finally {
      jest.useRealTimers();
    }
  });

  it('does not call a token bad while its key cannot be looked for', async () => {
    const honest = lookUp;
    const outage = new Error('the database is away');
    lookUp = () => Promise.reject(outage);
    await expect(verify(`Bearer ${token({ claims: { jti: 'j2' } })}`)).rejects.toBe(outage);
    expect(counted).toEqual([]);
    lookUp = honest;
  });
});

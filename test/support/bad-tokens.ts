import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { issuerKey } from './fakes/issuer';
import { type ProviderUnderTest } from './fakes/providers';
import { type Claims, decodePart, encodePart, handMade, hmacBy, signedBy, without } from './tokens';

/** A token that must be refused, made when it is used: the clock runs. */
export type BadToken = [what: string, make: () => string];

const now = (): number => Math.floor(Date.now() / 1000);
const stranger = issuerKey('RS256');
const curve = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const jwkOf = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' });

/**
 * What must not pass as a token of the provider; `others` are issuers that are active beside it. Everything but the one
 * thing that each title names is as in a good token.
 */
export function badTokensOf(provider: () => ProviderUnderTest, others: () => ProviderUnderTest[]): BadToken[] {
  /** A good token but for these claims; undefined leaves one out. */
  const claimed = (claims: Claims): string => provider().sign({ ...provider().claims(), ...claims });
  const headed = (header: Claims): string => provider().sign(provider().claims(), header);
  const unsigned = (header: Claims): string =>
    `${encodePart({ ...provider().header(), ...header })}.${encodePart(provider().claims())}.`;
  const byOther = (key: KeyObject, header: Claims, hash?: string): string =>
    handMade({ ...provider().header(), ...header }, provider().claims(), signedBy(key, hash));
  return [
    ['alg none', () => unsigned({ alg: 'none' })],
    ['alg none in other letters', () => unsigned({ alg: 'nOnE' })],
    ['no signature', () => unsigned({})],
    ['a signature of zeros', () => handMade(provider().header(), provider().claims(), () => Buffer.alloc(256))],
    ['a flipped bit', () => flipped(provider().sign(provider().claims()))],
    ['claims changed after signing', () => tampered(provider().sign(provider().claims()))],
    ["a stranger's key", () => byOther(stranger.privateKey, { alg: 'RS256' })],
    ["a stranger's key under the algorithm of the provider", () => byOther(stranger.privateKey, {})],
    [
      'a key that it brings along',
      () => byOther(stranger.privateKey, { alg: 'RS256', jwk: jwkOf(stranger.privateKey) }),
    ],
    ['a key that it brings along and no kid', () => ownJwk(provider())],
    ['a jku', () => headed({ jku: 'http://127.0.0.1:9/jwks.json' })],
    ['an x5u', () => headed({ x5u: 'http://127.0.0.1:9/chain.pem' })],
    ['an x5c', () => headed({ x5c: ['MIIB'] })],
    ['a critical extension', () => headed({ crit: ['exp'] })],
    ['another algorithm of the family', () => byOther(stranger.privateKey, { alg: 'RS512' }, 'sha512')],
    ['a curve that is not allowed', () => byOther(curve, { alg: 'ES384' }, 'sha384')],
    ['HS256 under an empty secret', () => hmac(provider(), '')],
    ['HS256 under a guessed secret', () => hmac(provider(), 'secret')],
    ['another kind of token', () => headed({ typ: 'refresh+jwt' })],
    ['another issuer', () => claimed({ iss: 'https://evil.example' })],
    ['an issuer that begins like it', () => claimed({ iss: `${provider().iss}.evil.example` })],
    ['an issuer that is a list', () => claimed({ iss: [provider().iss] })],
    ['no issuer', () => claimed({ iss: undefined })],
    ['an expiry that has passed', () => claimed({ iat: now() - 900, nbf: undefined, exp: now() - 40 })],
    ['an expiry that is text', () => claimed({ exp: 'never' })],
    ['no expiry', () => claimed({ exp: undefined })],
    ['no time of issue', () => claimed({ iat: undefined })],
    ['a time of issue in the future', () => claimed({ iat: now() + 90, exp: now() + 900 })],
    ['a time of issue two days ago', () => claimed({ iat: now() - 172_800, exp: now() + 900 })],
    ['a start in the future', () => claimed({ nbf: now() + 90 })],
    ['no subject', () => claimed({ sub: undefined })],
    ['an empty subject', () => claimed({ sub: '' })],
    ['a subject that is a list', () => claimed({ sub: ['a'] })],
    ['a subject with control characters', () => claimed({ sub: 'a\u0000b' })],
    ['a subject of three hundred characters', () => claimed({ sub: 'a'.repeat(300) })],
    ['claims that are no object', () => handMade(provider().header(), ['x'], () => Buffer.from('x'))],
    ['two parts', () => provider().sign(provider().claims()).split('.').slice(0, 2).join('.')],
    ['five parts', () => `${provider().sign(provider().claims())}.a.b`],
    ['the issuer of another provider', () => claimed({ iss: others()[0]?.iss })],
    ['the issuer of the provider and the key of another', () => others()[0]?.sign(provider().claims()) ?? ''],
  ];
}

/** What must not pass where keys are published. */
export function badTokensByKeys(provider: () => ProviderUnderTest, others: () => ProviderUnderTest[]): BadToken[] {
  const key = () => provider().issuer?.key ?? stranger;
  const pem = (): string => key().publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const signed = (header: Claims): string => provider().sign(provider().claims(), header);
  return [
    ['no kid', () => signed({ kid: undefined })],
    ['an unknown kid', () => signed({ kid: 'nobody' })],
    ['a kid that is a list', () => signed({ kid: [key().kid] })],
    ['a kid that points into the file system', () => hmac(provider(), '', { kid: '../../../../dev/null' })],
    ['a kid that is SQL', () => signed({ kid: "' OR '1'='1" })],
    ['the kid of another provider', () => signed({ kid: others()[0]?.issuer?.key.kid ?? 'nobody' })],
    ['HS256 with the public key as secret', () => hmac(provider(), pem())],
    ['HS256 with the key set as secret', () => hmac(provider(), JSON.stringify(jwkOf(key().privateKey)))],
    ['HS256 without its name', () => handMade(provider().header(), provider().claims(), hmacBy(pem()))],
  ];
}

/** What must not pass where an audience is asked for. */
export function badAudiences(provider: () => ProviderUnderTest): BadToken[] {
  const claimed = (aud: unknown): string => provider().sign({ ...provider().claims(), aud });
  return [
    ['another audience', () => claimed('https://other.example')],
    ['no audience', () => claimed(undefined)],
    ['an empty list of audiences', () => claimed([])],
    ['an audience that is an object', () => claimed({ authenticated: true })],
  ];
}

/** What must not pass for a session of Clerk. */
export function badSessions(provider: () => ProviderUnderTest): BadToken[] {
  const claimed = (claims: Claims): string => provider().sign({ ...provider().claims(), ...claims });
  return [
    ['another party', () => claimed({ azp: 'https://evil.example' })],
    ['a party that begins like ours', () => claimed({ azp: 'https://app.example.com.evil.example' })],
    ['no party', () => claimed({ azp: undefined })],
    ['no session', () => claimed({ sid: undefined })],
    ['an empty session', () => claimed({ sid: '' })],
  ];
}

function hmac(provider: ProviderUnderTest, secret: string, header: Claims = {}): string {
  return handMade({ ...provider.header(), alg: 'HS256', ...header }, provider.claims(), hmacBy(secret));
}

function ownJwk(provider: ProviderUnderTest): string {
  const header = { ...without(provider.header(), 'kid'), alg: 'RS256', jwk: jwkOf(stranger.privateKey) };
  return handMade(header, provider.claims(), signedBy(stranger.privateKey));
}

function flipped(token: string): string {
  const [head, body, signature = ''] = token.split('.');
  return [head, body, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)].join('.');
}

function tampered(token: string): string {
  const [head, body, signature] = token.split('.');
  return [head, encodePart({ ...decodePart(body), sub: 'somebody-else' }), signature].join('.');
}

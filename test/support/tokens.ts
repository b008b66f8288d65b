import { createHmac, createPrivateKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { SealedText } from '@platform/crypto';
import { type Stack } from './modes';
import { SECRET_KEY } from './stack';

/** Members of a header or claims of a token. */
export type Claims = Record<string, unknown>;

/** Makes the signature of `<header>.<claims>`. */
export type Signature = (input: string) => Buffer;

/** Base64url of an object, as a part of a token. */
export function encodePart(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A part of a token as the object that it is. */
export function decodePart(part: string | undefined): Claims {
  // Our own tokens and those of the tests hold objects.
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Claims;
}

/** A token of these parts, by hand: also what no library would write. */
export function handMade(header: object, claims: object, signature: Signature): string {
  const input = `${encodePart(header)}.${encodePart(claims)}`;
  return `${input}.${signature(input).toString('base64url')}`;
}

/** HMAC under a key. */
export function hmacBy(key: string | Buffer, hash = 'sha256'): Signature {
  return (input) => createHmac(hash, key).update(input).digest();
}

/** RSASSA-PKCS1 or ECDSA in the form of JOSE, by the kind of the key. */
export function signedBy(key: KeyObject, hash = 'sha256'): Signature {
  return (input) => sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
}

/** Claims without one of them. */
export function without(claims: Claims, name: string): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
}

/**
 * The private half of the key that signs access tokens, from behind the curtain: who has it can sign what the API never
 * would. @throws Error when the system has no key yet
 */
export async function ownSigningKey(stack: Stack, kid: unknown): Promise<KeyObject> {
  const [row] = await stack.sql<{ sealed_private_jwk: string }>(
    'SELECT sealed_private_jwk FROM signing_keys WHERE kid = ?',
    kid,
  );
  const jwk = new SealedText(SECRET_KEY, 'auth:signing-key').open(row?.sealed_private_jwk ?? '', String(kid));
  if (jwk === null) throw new Error(`No signing key ${String(kid)} opens with the secret of the tests`);
  // The API wrote it so.
  return createPrivateKey({ key: JSON.parse(jwk) as JsonWebKey, format: 'jwk' });
}

import { randomBytes } from 'node:crypto';

/** `2 × bytes` hexadecimal characters of chance. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('hex');
}

/** `bytes` of chance as base64url, without padding. */
export function urlSafeToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

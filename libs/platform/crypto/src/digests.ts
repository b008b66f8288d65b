import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';

/** SHA-256 (FIPS 180-4) as 64 hexadecimal characters. */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex');
}

/** HMAC (RFC 2104) as hexadecimal characters. */
export function hmacHex(data: string | Uint8Array, secret: string | Uint8Array, algorithm = 'sha256'): string {
  return createHmac(algorithm, secret).update(data).digest('hex');
}

/** Whether `signature` is the {@link hmacHex} of the data; any other text is false, none throws. */
export function verifyHmacHex(
  data: string | Uint8Array,
  secret: string | Uint8Array,
  signature: string,
  algorithm = 'sha256',
): boolean {
  return constantTimeEqual(hmacHex(data, secret, algorithm), signature.toLowerCase());
}

/** Compare secrets: the time taken tells neither where nor in what length they differ. */
export function constantTimeEqual(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}

/**
 * A key for one purpose from the root secret: HKDF-SHA-256 (RFC 5869), salt `omnistack`, info the purpose. Keys of
 * different purposes say nothing about each other.
 * @param bytes length of the key, 1–8160
 */
export function deriveKey(secretKey: string, purpose: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'omnistack', purpose, bytes));
}

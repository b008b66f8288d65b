import { generateSecret, generateURI, verifySync } from 'otplib';

/** Seconds that a code stands on the display (RFC 6238 §5.2). */
const PERIOD = 30;
const SIX_DIGITS = /^\d{6}$/;

/** A secret for an authenticator: 160 bits of chance in base 32. */
export function newTotpSecret(): string {
  return generateSecret();
}

/** What a QR code for authenticators says. */
export function totpUri(issuer: string, label: string, secret: string): string {
  return generateURI({ issuer, label, secret, period: PERIOD, digits: 6 });
}

/**
 * The time step whose code this is, at most one away from now (RFC 6238 §6); null when it is no such code. Compared in
 * constant time by the library.
 */
export function totpStep(secret: string, code: string, now: Date): number | null {
  if (!SIX_DIGITS.test(code)) return null;
  const epoch = Math.floor(now.getTime() / 1_000);
  const result = verifySync({ secret, token: code, epoch, period: PERIOD, digits: 6, epochTolerance: PERIOD });
  return result.valid ? Math.floor(epoch / PERIOD) + result.delta : null;
}

import { generateSync } from 'otplib';
import { newTotpSecret, totpStep, totpUri } from './totp';

/** The secret of RFC 6238 appendix B, `12345678901234567890`, in base 32. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (epoch: number) => new Date(epoch * 1_000);

describe('a code of an authenticator', () => {
  // The last six digits of the SHA-1 rows.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
  ])('is that of RFC 6238 at %d s', (epoch, code) => {
    expect(totpStep(RFC_SECRET, code, at(epoch))).toBe(Math.floor(epoch / 30));
  });

  it('is good one step before and after its own, and names its own step', () => {
    const code = generateSync({ secret: RFC_SECRET, epoch: 3_000 });
    const steps = [2_939, 2_940, 2_969, 2_970, 3_000, 3_029, 3_030, 3_059, 3_060].map((epoch) =>
      totpStep(RFC_SECRET, code, at(epoch)),
    );
    expect(steps).toEqual([null, null, null, 100, 100, 100, 100, 100, null]);
  });

  it.each(['', '28708', '2870823', '28708a', '287 082', '٢٨٧٠٨٢', "' OR 1"])('is never %j', (text) => {
    expect(totpStep(RFC_SECRET, text, at(59))).toBeNull();
  });

  it('comes of a secret of 160 bits, which the address for authenticators carries', () => {
    const secret = newTotpSecret();
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(newTotpSecret()).not.toBe(secret);
    const uri = new URL(totpUri('Omni & Co', 'ann@example.test', secret));
    expect(uri.protocol).toBe('otpauth:');
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({ secret, issuer: 'Omni & Co' });
    expect(decodeURIComponent(uri.pathname)).toContain('Omni & Co:ann@example.test');
  });
});

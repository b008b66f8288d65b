import { createHmac } from 'node:crypto';
import { constantTimeEqual, deriveKey, hmacHex, sha256Hex, verifyHmacHex } from './digests';
import { randomToken, urlSafeToken } from './tokens';

describe('digests', () => {
  it('hash as FIPS 180-4 says', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('authenticate as RFC 4231 says (test case 2)', () => {
    const expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(hmacHex('what do ya want for nothing?', 'Jefe')).toBe(expected);
    expect(verifyHmacHex('what do ya want for nothing?', 'Jefe', expected)).toBe(true);
  });

  it.each(['', '00', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3844', 'not hex at all'])(
    'refuse the signature %p without throwing',
    (signature) => {
      expect(verifyHmacHex('what do ya want for nothing?', 'Jefe', signature)).toBe(false);
    },
  );

  it('compare texts of any length', () => {
    expect(constantTimeEqual('secret', Buffer.from('secret'))).toBe(true);
    expect(constantTimeEqual('secret', 'secret ')).toBe(false);
    expect(constantTimeEqual('', 'x')).toBe(false);
  });
});

describe('a derived key', () => {
  it('is HKDF-SHA-256 of RFC 5869, step by step', () => {
    const pseudoRandom = createHmac('sha256', 'omnistack').update('root').digest();
    const block = createHmac('sha256', pseudoRandom).update('cursor\u0001').digest();
    expect(deriveKey('root', 'cursor', 32)).toEqual(block);
  });

  it('differs by purpose and by root, and is the same each time', () => {
    const keys = [deriveKey('root', 'a'), deriveKey('root', 'b'), deriveKey('other', 'a'), deriveKey('root', 'a')];
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(3);
  });

  it('has the length asked for', () => {
    expect(deriveKey('root', 'a', 48)).toHaveLength(48);
  });
});

describe('tokens', () => {
  it('are chance of the length asked for', () => {
    expect(randomToken()).toMatch(/^[0-9a-f]{64}$/);
    expect(urlSafeToken(24)).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(randomToken()).not.toBe(randomToken());
  });
});

import { crc32 } from 'node:zlib';
import { API_KEY_PREFIX, isWellFormedApiKey, looksLikeApiKey, newApiKey, shownPrefix } from './api-key-secret';

describe('an API key', () => {
  it('has a prefix and 40 characters, and is another one each time', () => {
    const keys = Array.from({ length: 100 }, newApiKey);
    expect(new Set(keys).size).toBe(100);
    for (const key of keys) {
      expect(key).toMatch(/^omni_live_[A-Za-z0-9_-]{40}$/);
      expect([looksLikeApiKey(key), isWellFormedApiKey(key)]).toEqual([true, true]);
    }
  });

  it('ends with the CRC-32 of what stands before it, prefix included', () => {
    const key = newApiKey();
    const bytes = Buffer.from(key.slice(API_KEY_PREFIX.length), 'base64url');
    const covered = Buffer.concat([Buffer.from('omni_live_'), bytes.subarray(0, 26)]);
    expect(bytes.readUInt32BE(26)).toBe(crc32(covered));
  });

  it('is not well-formed with any one character changed, cut or added', () => {
    const key = newApiKey();
    for (let at = API_KEY_PREFIX.length; at < key.length; at++) {
      const other = key[at] === 'A' ? 'B' : 'A';
      expect(isWellFormedApiKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false);
      expect(isWellFormedApiKey(key.slice(0, at))).toBe(false);
    }
    for (const text of ['', API_KEY_PREFIX, `${key}A`, `${key}=`, ` ${key}`, key.toUpperCase(), key.slice(5)]) {
      expect(isWellFormedApiKey(text)).toBe(false);
    }
  });

  it('is shown by six of its characters', () => {
    const key = newApiKey();
    expect(shownPrefix(key)).toBe(key.slice(0, 16));
  });

  it('is told from access tokens by its prefix alone', () => {
    expect(looksLikeApiKey('eyJhbGciOiJFUzI1NiJ9.e30.x')).toBe(false);
    expect(looksLikeApiKey('omni_live_nonsense')).toBe(true);
  });
});

import { pbkdf2Sync } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { ServiceUnavailable } from '@platform/kernel';
import { PasswordHasher } from './password-hasher';

describe('the password hasher', () => {
  const hasher = new PasswordHasher();

  it('makes argon2id hashes with 19 MiB, two passes and one lane, salted', async () => {
    const [first, second] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')]);
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(second).not.toBe(first);
  });

  it('knows the right password from a wrong one', async () => {
    const stored = await hasher.hash('correct horse');
    expect(await hasher.verify(stored, 'correct horse')).toEqual({ ok: true, needsRehash: false });
    expect(await hasher.verify(stored, 'correct horsf')).toEqual({ ok: false, needsRehash: false });
    expect(await hasher.verify(stored, '')).toEqual({ ok: false, needsRehash: false });
  });

  it('takes a password for the same however its letters are composed and its spaces typed', async () => {
    const composed = 'Crème brûlée à la carte';
    const stored = await hasher.hash(composed.normalize('NFD'));
    for (const typed of [composed, composed.normalize('NFD'), composed.replaceAll(' ', '\u00a0')]) {
      expect(await hasher.verify(stored, typed)).toEqual({ ok: true, needsRehash: false });
    }
    expect(await hasher.verify(stored, 'Creme brulee a la carte')).toMatchObject({ ok: false });
  });

  it('knows a hash that was made of a password as it was typed, and asks for a new one', async () => {
    const composed = 'Crème brûlée';
    const ours = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
    const old = { composed: await hash(composed, ours), decomposed: await hash(composed.normalize('NFD'), ours) };
    for (const typed of [composed, composed.normalize('NFD')]) {
      // The hash of what is prepared as it is needs no other.
      expect(await hasher.verify(old.composed, typed)).toEqual({ ok: true, needsRehash: false });
      expect(await hasher.verify(old.decomposed, typed)).toEqual({ ok: true, needsRehash: true });
    }
    const spaced = 'four\u3000words';
    expect(await hasher.verify(await hash(spaced, ours), spaced)).toEqual({ ok: true, needsRehash: true });
  });

  it('asks for a new hash when the parameters are not the present ones', async () => {
    const weak = await hash('correct horse', { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    expect(await hasher.verify(weak, 'correct horse')).toEqual({ ok: true, needsRehash: true });
  });

  it('verifies PBKDF2-HMAC-SHA-256 (vector of RFC 7914 §11), and asks for a new hash', async () => {
    const derived =
      '4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56' +
      'a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d';
    const base64 = (bytes: Buffer) => bytes.toString('base64');
    const stored = `pbkdf2_sha256$80000$${base64(Buffer.from('NaCl'))}$${base64(Buffer.from(derived, 'hex'))}`;
    expect(await hasher.verify(stored, 'Password')).toEqual({ ok: true, needsRehash: true });
    expect(await hasher.verify(stored, 'password')).toEqual({ ok: false, needsRehash: false });
  });

  it("verifies the predecessor's hashes: 600,000 iterations, a salt of 32 bytes", async () => {
    const salt = Buffer.alloc(32, 7);
    const derived = pbkdf2Sync('correct horse', salt, 600_000, 32, 'sha256');
    const stored = `pbkdf2_sha256$600000$${salt.toString('base64')}$${derived.toString('base64')}`;
    expect(await hasher.verify(stored, 'correct horse')).toEqual({ ok: true, needsRehash: true });
  });

  it.each([
    '',
    'plain text',
    '$argon2id$',
    '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$',
    'pbkdf2_sha256$600000$c2FsdHNhbHQ=$',
    'pbkdf2_sha256$0$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'pbkdf2_sha256$9999999$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'pbkdf2_sha256$-1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
    'pbkdf2_md5$600000$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  ])('calls the malformed hash %p wrong and does not throw', async (stored) => {
    expect(await hasher.verify(stored, 'correct horse')).toEqual({ ok: false, needsRehash: false });
  });

  it('takes about as long for a user that does not exist', async () => {
    const stored = await hasher.hash('correct horse');
    const real = await milliseconds(() => hasher.verify(stored, 'wrong'));
    const dummy = await milliseconds(() => hasher.verifyAgainstDummy('wrong'));
    // Both are argon2 with one set of parameters; returning at once would be a hundred times quicker.
    expect(dummy).toBeGreaterThan(real / 3);
    expect(await hasher.verifyAgainstDummy('')).toBe(false);
  });

  it('computes four at a time and sends away whoever comes after 256 who wait', async () => {
    const busy = new PasswordHasher();
    // All 270 stand in line before the first is done; a malformed hash keeps none of them long.
    const outcomes = await Promise.allSettled(Array.from({ length: 270 }, () => busy.verify('malformed', 'wrong')));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(10);
    expect(refused[0]?.reason).toBeInstanceOf(ServiceUnavailable);
    expect(await busy.verify(await busy.hash('correct horse'), 'correct horse')).toMatchObject({ ok: true });
  });
});

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return Math.min(...times);
}

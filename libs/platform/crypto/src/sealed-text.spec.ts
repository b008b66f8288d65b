import { SealedText } from './sealed-text';

const SECRET = 'a-key-of-the-tests-that-is-long-enough';
const sealed = new SealedText(SECRET, 'totp');

describe('sealed text', () => {
  it('opens with its key, purpose and context, and shows nothing of the text', () => {
    const token = sealed.seal('JBSWY3DPEHPK3PXP', 'row-1');

    expect(sealed.open(token, 'row-1')).toBe('JBSWY3DPEHPK3PXP');
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain('JBSWY');
    expect(sealed.seal('JBSWY3DPEHPK3PXP', 'row-1')).not.toBe(token);
  });

  it.each([
    ['another context', () => sealed.open(sealed.seal('x', 'row-1'), 'row-2')],
    ['another purpose', () => new SealedText(SECRET, 'keys').open(sealed.seal('x'))],
    ['another root secret', () => new SealedText(`${SECRET}!`, 'totp').open(sealed.seal('x'))],
    ['a flipped bit', () => sealed.open(flipped(sealed.seal('x')))],
    ['a cut end', () => sealed.open(sealed.seal('x').slice(0, -4))],
    ['no text', () => sealed.open('')],
  ])('stays closed with %s', (_what, open) => {
    expect(open()).toBeNull();
  });
});

function flipped(token: string): string {
  const bytes = Buffer.from(token, 'base64url');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes.toString('base64url');
}

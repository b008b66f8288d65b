import { SignedText } from './signed-text';

const ROOT = 'a root secret that is long enough';

describe('signed text', () => {
  const cursors = new SignedText(ROOT, 'cursor');

  it.each(['', 'plain', '{"id":"0190","at":"2026-11-22"}', 'ümläut 🙂'])('comes back as it left: %p', (text) => {
    const token = cursors.sign(text, 'projects');
    expect(token).toMatch(/^[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{22}$/);
    expect(cursors.open(token, 'projects')).toBe(text);
  });

  it('is refused with another purpose, root or context', () => {
    const token = cursors.sign('text', 'projects');
    expect(new SignedText(ROOT, 'reset').open(token, 'projects')).toBeNull();
    expect(new SignedText('another root', 'cursor').open(token, 'projects')).toBeNull();
    expect(cursors.open(token, 'users')).toBeNull();
    expect(cursors.open(token)).toBeNull();
  });

  it('keeps context and text apart', () => {
    const tag = cursors.sign('bc', 'a').split('.')[1];
    expect(cursors.sign('c', 'ab').split('.')[1]).not.toBe(tag);
  });

  it('is refused after any change of any character', () => {
    const token = cursors.sign('text');
    for (let index = 0; index < token.length; index++) {
      const changed = token[index] === 'A' ? 'B' : 'A';
      expect(cursors.open(token.slice(0, index) + changed + token.slice(index + 1))).toBeNull();
    }
  });

  it.each(['', '.', 'x', 'x.y', '....', `${'A'.repeat(10_000)}.AAAA`, '\u0000.\u0000'])(
    'is refused when it is %p',
    (token) => {
      expect(cursors.open(token)).toBeNull();
    },
  );
});

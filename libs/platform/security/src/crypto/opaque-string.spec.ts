import { isOpaqueString, opaqueString, unpreparedForms } from './opaque-string';

describe('a password, prepared', () => {
  // RFC 8265 §4.3, table 4, as far as it says how strings become equal.
  it.each([
    ['correct horse battery staple', 'correct horse battery staple'],
    ['Correct Horse Battery Staple', 'Correct Horse Battery Staple'],
    ['πßå', 'πßå'],
    ['Jack of ♦s', 'Jack of ♦s'],
    ['foo\u1680bar', 'foo bar'],
    ['foo\u3000bar\u00a0baz', 'foo bar baz'],
    ['e\u0301', '\u00e9'],
    // Neither width nor case is mapped.
    ['ｐａｓｓ', 'ｐａｓｓ'],
  ])('%j is %j', (typed, prepared) => {
    expect(opaqueString(typed)).toBe(prepared);
    expect(opaqueString(prepared)).toBe(prepared);
    expect(isOpaqueString(typed)).toBe(true);
  });

  it.each([
    ['a tab', 'my cat is a \tby'],
    ['a character that is not assigned', 'a\u0378b'],
    ['half of a character', 'a\ud800b'],
    ['one for private use', 'a\ue000b'],
    ['one that cannot be seen', 'pass\u00adword'],
    ['the choice of a picture', 'heart\ufe0f'],
    ['a joiner that joins nothing', 'a\u200db'],
    ['a Hangul letter that is not written any more', '\u1113'],
  ])('may not hold %s', (_what, text) => {
    expect(isOpaqueString(text)).toBe(false);
  });

  it('may hold a joiner where an Indic word takes one', () => {
    expect(isOpaqueString('क्\u200dष')).toBe(true);
  });

  it('was one text before where it is ASCII, and up to three where not', () => {
    expect(unpreparedForms('correct horse')).toEqual([]);
    expect(unpreparedForms('cre\u0300me')).toEqual(['cre\u0300me']);
    expect(unpreparedForms('cr\u00e8me')).toEqual(['cre\u0300me']);
    expect(unpreparedForms('cr\u00e8me\u00a0x')).toEqual(['cr\u00e8me\u00a0x', 'cre\u0300me x']);
  });
});

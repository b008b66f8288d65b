import { type Json } from '@platform/kernel';
import { canonicalJson } from './canonical-json';

describe('canonicalJson', () => {
  it('writes the example of RFC 8785 §3.2.2 as its §3.2.3 shows it', () => {
    // As the RFC prints it; parsing is part of the example.
    const value = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`) as Json;

    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts members by UTF-16 code units, as the example of RFC 8785 §3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };

    expect(Object.keys(JSON.parse(canonicalJson(value)) as object).slice(1)).toEqual([
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ]);
    expect(canonicalJson(value)).toMatch(/^\{"\\r":"Carriage Return","1":"One"/);
  });

  it('gives the same text for the same members in any order, at any depth', () => {
    expect(canonicalJson({ b: [{ y: 1, x: 2 }], a: null })).toBe(canonicalJson({ a: null, b: [{ x: 2, y: 1 }] }));
  });

  it('prints negative zero as zero', () => {
    expect(canonicalJson([-0])).toBe('[0]');
  });

  it.each([NaN, Infinity, '\ud800', { '\udc00': 1 }])('refuses %p, which RFC 8785 excludes', (value) => {
    expect(() => canonicalJson(value)).toThrow('RFC 8785');
  });
});

import { flag, integer, list, oneOf, parseRate, rate } from './schemas';

describe('parseRate', () => {
  it.each([
    ['5/second', 5, 1],
    ['60/minute', 60, 60],
    ['5/hour', 5, 3_600],
    ['1000/day', 1_000, 86_400],
    [' 10/minute ', 10, 60],
  ])('reads %p', (text, limit, windowSeconds) => {
    expect(parseRate(text)).toEqual({ limit, windowSeconds });
  });

  it.each(['', '60', '60 per minute', 'minute/60', '-1/minute', '1.5/minute', '60/', '60/Minute'])(
    'refuses the format of %p',
    (text) => {
      expect(() => parseRate(text)).toThrow(`Invalid rate limit format: ${text}`);
    },
  );

  it('refuses an unknown unit by its name', () => {
    expect(() => parseRate('60/fortnight')).toThrow('Invalid time unit: fortnight');
  });

  it('gives the same reasons as a setting', () => {
    expect(rate().safeParse('60/fortnight').error?.issues[0]?.message).toBe('Invalid time unit: fortnight');
  });
});

describe('flag', () => {
  it.each(['true', '1', 'YES', ' on '])('takes %p for true', (text) => {
    expect(flag().parse(text)).toBe(true);
  });

  it.each(['false', '0', 'No', 'off'])('takes %p for false', (text) => {
    expect(flag().parse(text)).toBe(false);
  });

  it('refuses anything else', () => {
    expect(flag().safeParse('maybe').error?.issues[0]?.message).toBe('expected true or false');
  });
});

describe('list', () => {
  it.each([
    ['a, b,,c', ['a', 'b', 'c']],
    ['["a","b,c"]', ['a', 'b,c']],
    ['', []],
    ['[]', []],
  ])('reads %p', (text, items) => {
    expect(list().parse(text)).toEqual(items);
  });

  it.each(['["a"', '[1, 2]'])('refuses %p', (text) => {
    expect(list().safeParse(text).success).toBe(false);
  });
});

describe('integer', () => {
  it('includes both bounds', () => {
    expect([integer(1, 3).parse('1'), integer(1, 3).parse('3')]).toEqual([1, 3]);
  });

  it.each(['0', '4', '1.5', 'two', 'Infinity'])('refuses %p', (text) => {
    expect(integer(1, 3).safeParse(text).success).toBe(false);
  });
});

describe('oneOf', () => {
  it.each(['json', 'JSON', ' Json '])('takes %p for json', (text) => {
    expect(oneOf('json', 'text').parse(text)).toBe('json');
  });

  it('names the words that there are', () => {
    const problem = (schema: ReturnType<typeof oneOf>) => schema.safeParse('xml').error?.issues[0]?.message;

    expect(problem(oneOf('json'))).toBe('expected json');
    expect(problem(oneOf('json', 'text'))).toBe('expected json or text');
    expect(problem(oneOf('json', 'text', 'none'))).toBe('expected json, text or none');
  });
});

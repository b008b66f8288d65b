import { plainToInstance } from 'class-transformer';
import { IsOptional, validateSync } from 'class-validator';
import {
  CALENDAR_DATE,
  CANONICAL_UUID,
  displayName,
  EMAIL_ADDRESS,
  HTTP_URL,
  IsCanonicalUuid,
  IsDisplayName,
  IsEmailAddress,
  IsHttpUrl,
  TIMESTAMP,
} from './text-rules';

class PersonDto {
  @IsEmailAddress()
  email: string;

  @IsOptional()
  @IsHttpUrl()
  avatar_url?: string | null;

  @IsOptional()
  @IsDisplayName(10)
  full_name?: string | null;

  @IsOptional()
  @IsCanonicalUuid()
  id?: string;
}

function check(plain: object) {
  const dto = plainToInstance(PersonDto, plain);
  const problems = validateSync(dto).map(
    (error) => `${error.property}: ${Object.values(error.constraints ?? {}).join()}`,
  );
  return { dto, problems };
}

describe('field checks in a DTO', () => {
  it('hand over what they normalised', () => {
    const { dto, problems } = check({
      email: '  Ann@Example.COM ',
      avatar_url: ' https://example.com/a.png ',
      full_name: ' Ann ',
      id: '0198F1C2-6F3A-7000-8000-000000000001',
    });
    expect(problems).toEqual([]);
    expect({ ...dto }).toEqual({
      email: 'ann@example.com',
      avatar_url: 'https://example.com/a.png',
      full_name: 'Ann',
      id: '0198f1c2-6f3a-7000-8000-000000000001',
    });
  });

  it('name the field and the reason', () => {
    const { problems } = check({ email: 'nobody', avatar_url: 'ftp://x.y', full_name: 'Ann\u0000', id: '1' });
    expect(problems).toEqual([
      'email: Invalid email format',
      'avatar_url: URL scheme must be one of: http, https',
      'full_name: Contains characters that cannot be shown',
      'id: Invalid UUID format',
    ]);
  });

  it.each([[7], [null], [['a@b.de']], [{}], [undefined]])('refuse %p as an address', (email) => {
    expect(check({ email }).problems).toEqual(['email: Must be a string']);
  });

  it('leave an optional null alone', () => {
    expect(check({ email: 'a@b.de', full_name: null }).problems).toEqual([]);
  });
});

const problemOf =
  (rule: { normalise: (text: string) => string; problem: (text: string) => string | undefined }) => (text: string) =>
    rule.problem(rule.normalise(text));

describe('an e-mail address', () => {
  const problem = problemOf(EMAIL_ADDRESS);

  it.each([
    'a@b.de',
    'admin@omnistack.local',
    "o'neil+tag@mail.example.co.uk",
    'x_1@xn--mnchen-3ya.xn--p1ai',
    ' A@B.DE ',
  ])('may be %p', (text) => expect(problem(text)).toBeUndefined());

  it.each([
    'plain',
    'a@b',
    '@b.de',
    'a@',
    'a b@c.de',
    'a@b..de',
    '.a@b.de',
    'a.@b.de',
    'a..b@c.de',
    'a@-b.de',
    'a@b-.de',
    'a@b.d',
    'a@b.de\nbcc: x@y.de',
    'a@b@c.de',
    `${'a'.repeat(65)}@b.de`,
    'аdmin@example.com',
    '"a b"@c.de',
  ])('may not be %p', (text) => expect(problem(text)).toBe('Invalid email format'));

  it('may be neither empty nor longer than 254 characters', () => {
    expect(problem('  ')).toBe('Email cannot be empty');
    expect(problem(`a@${'b'.repeat(60)}.${'c'.repeat(200)}.de`)).toBe('Email too long (max 254 characters)');
  });

  it('is judged in linear time', () => {
    const started = performance.now();
    for (const text of ['a@' + 'a.'.repeat(126), 'a'.repeat(254), 'a.'.repeat(126) + '@', `a@${'a-'.repeat(126)}`])
      problem(text);
    expect(performance.now() - started).toBeLessThan(50);
  });
});

describe('a web address', () => {
  const problem = problemOf(HTTP_URL);

  it.each(['https://example.com', 'HTTP://example.com:8080/a?b=c#d', 'https://münchen.example/ä', 'http://[::1]/'])(
    'may be %p',
    (text) => expect(problem(text)).toBeUndefined(),
  );

  it.each([
    ['example.com/a', /must include scheme/],
    ['', /must include scheme/],
    ['javascript:alert(1)', /scheme must be one of/],
    ['data:text/html,x', /scheme must be one of/],
    ['java\tscript:alert(1)', /must include scheme/],
    ['https:example.com', /must include domain/],
    ['https:///example.com', /must include domain/],
    ['https://\\example.com', /must include domain/],
    ['https://exam\nple.com', /Invalid URL/],
    ['https://example.com/a b', /Invalid URL/],
    ['https://exa mple.com', /Invalid URL/],
    ['https://example.com:99999', /Invalid URL/],
    ['https://user:secret@example.com', /credentials/],
    [`https://example.com/${'a'.repeat(2_048)}`, /too long/],
  ])('may not be %p', (text, reason) => expect(problem(text)).toMatch(reason));
});

describe('a name to show', () => {
  const problem = problemOf(displayName(10));

  it.each(['Ann', "O'Neil-Ķ", '名前', '👩‍👩‍👧', ' padded   '])('may be %p', (text) =>
    expect(problem(text)).toBeUndefined(),
  );

  it.each([
    'a\u200b',
    '\u2764\ufe0f',
    '1\ufe0f\u20e3',
    '\u{1f1e9}\u{1f1ea}',
    '-',
    '\u0e01\u0e33',
    '\u200dn',
    'e\u0301',
  ])('may be %j: something of it can be seen', (text) => expect(problem(text)).toBeUndefined());

  it.each([
    ['a zero width space', '\u200b'],
    ['joiners', '\u200c\u200d'],
    ['a word joiner between spaces', '\u2060 \u2060'],
    ['a soft hyphen', '\u00ad'],
    ['a byte order mark inside', '\u2060\ufeff\u2060'],
    ['a Hangul filler', '\u3164'],
    ['the half-width one', '\uffa0'],
    ['an empty Braille pattern', '\u2800'],
    ['a variation selector', '\ufe0f'],
    ['tags', '\u{e0041}'],
    ['an accent alone', '\u0301'],
    ['an invisible sign of mathematics', '\u2062'],
    ['a Mongolian vowel separator', '\u180e'],
  ])('may not be %s: nothing of it can be seen', (_what, text) => {
    expect(problem(text)).toBe('Must have a visible character');
  });

  it('may be neither blank nor too long after trimming', () => {
    expect(problem('   ')).toBe('String too short (min 1 characters)');
    expect(problem('a'.repeat(11))).toBe('String too long (max 10 characters)');
  });

  it.each(['a\u0000b', 'a\nb', 'a\u001bb', 'a\u202eb', 'a\u2066b', 'a\u2028b', 'a\ud800b'])(
    'may not hold %j',
    (text) => {
      expect(problem(text)).toBe('Contains characters that cannot be shown');
    },
  );

  it('is the same however its accents were typed', () => {
    expect(displayName(10).normalise('e\u0301')).toBe('\u00e9');
  });
});

describe('a UUID', () => {
  it('is lower case with dashes, whatever its version', () => {
    expect(problemOf(CANONICAL_UUID)('0198F1C2-6F3A-7000-8000-000000000001')).toBeUndefined();
    expect(problemOf(CANONICAL_UUID)('0198f1c26f3a70008000000000000001')).toBe('Invalid UUID format');
    expect(problemOf(CANONICAL_UUID)("' OR 1=1 --")).toBe('Invalid UUID format');
  });
});

describe('a date', () => {
  const problem = problemOf(CALENDAR_DATE);

  it.each(['2026-11-22', ' 2024-02-29 ', '0001-01-01'])('may be %p', (text) => expect(problem(text)).toBeUndefined());

  it.each(['', '2026-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '2026-11-22T00:00:00Z', '+002026-11-22', 'today'])(
    'may not be %p',
    (text) => expect(problem(text)).toBe('Must be a date such as 2026-11-22'),
  );
});

describe('a time', () => {
  const problem = problemOf(TIMESTAMP);

  it.each(['2026-11-22T09:30:00Z', '2026-11-22T09:30:00.123456789+14:00', '2024-02-29T23:59:59-00:30'])(
    'may be %p',
    (text) => {
      expect(problem(text)).toBeUndefined();
      expect(new Date(text).toISOString()).toMatch(/Z$/);
    },
  );

  it.each([
    '',
    '2026-11-22',
    '2026-11-22 09:30:00Z',
    '2026-11-22T09:30:00',
    '2026-11-22T09:30Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T23:59:60Z',
    '2026-02-30T00:00:00Z',
    '2026-11-22T09:30:00+24:00',
    '2026-W47-7T09:30:00Z',
  ])('may not be %p', (text) => expect(problem(text)).toBe('Must be a time such as 2026-11-22T09:30:00Z'));
});

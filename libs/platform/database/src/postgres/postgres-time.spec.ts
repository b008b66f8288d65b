import { types } from 'pg';
import { parseTimestamptz } from './postgres-time';

const driver: (text: string) => unknown = types.getTypeParser(types.builtins.TIMESTAMPTZ, 'text');

describe('a timestamptz of PostgreSQL', () => {
  it.each([
    '2026-11-28 09:47:12.123+00',
    '2026-11-28 09:47:12+00',
    '2024-02-29 23:59:59.999+00',
    '1969-12-31 23:59:59.001+00',
    '1000-01-01 00:00:00+00',
    '2026-11-28 09:47:12.1+00',
    '2026-11-28 09:47:12.123456+00',
    '2026-11-28 09:47:12.123+05:30',
    '0099-01-01 00:00:00+00',
    '0044-03-15 12:00:00+00 BC',
    '12026-11-28 09:47:12+00',
    'infinity',
  ])('is read as the driver reads it: %s', (text) => {
    expect(parseTimestamptz(text)).toEqual(driver(text));
  });

  it('is an instant in UTC with milliseconds', () => {
    expect(parseTimestamptz('2026-11-28 09:47:12.123+00')).toEqual(new Date('2026-11-28T09:47:12.123Z'));
  });
});

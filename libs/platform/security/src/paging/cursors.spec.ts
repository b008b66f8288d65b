import { CoreConfig, LoadedSettings } from '@platform/config';
import { ValidationFailed } from '@platform/kernel';
import { Cursors } from './cursors';

const core = LoadedSettings.load([CoreConfig], { SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough' }).get(
  CoreConfig,
);

describe('cursors', () => {
  const cursors = new Cursors(core);
  const place = { key: '2026-11-22T08:00:00.123Z', id: '0198f1c2-6f3a-7000-8000-000000000001' };

  it('read back the place they were written for', () => {
    expect(cursors.read('projects:ann', cursors.after('projects:ann', place))).toEqual(place);
    expect(cursors.read('projects:ann', undefined)).toBeUndefined();
  });

  it('are refused by another list and when they were changed', () => {
    const cursor = cursors.after('projects:ann', place);
    expect(() => cursors.read('projects:bob', cursor)).toThrow(ValidationFailed);
    expect(() => cursors.read('projects:ann', `x${cursor}`)).toThrow(ValidationFailed);
    expect(() => cursors.read('projects:ann', '')).toThrow(ValidationFailed);
  });
});

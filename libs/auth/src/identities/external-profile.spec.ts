import { EMAIL_ADDRESS } from '@platform/security';
import { placeholderAddress } from '@omni/users';
import { acceptedOf, mustBeSubject, placeholderName } from './external-profile';

const profile = (given: object) => acceptedOf({ provider: 'p', subject: 's', emailVerified: true, ...given });

describe('a profile of another provider', () => {
  it('is taken over where the house would take it from its own people', () => {
    expect(
      profile({ email: ' Ann@Example.TEST ', fullName: ' Ann ', avatarUrl: 'https://pictures.test/ann.png ' }),
    ).toEqual({
      email: 'ann@example.test',
      emailVerified: true,
      fullName: 'Ann',
      avatarUrl: 'https://pictures.test/ann.png',
    });
  });

  it.each([
    ['an address that is none', { email: 'ann' }],
    ['an address of 255 characters', { email: `${'a'.repeat(60)}@${'b.'.repeat(96)}test` }],
    ['an address of ours that nobody reads', { email: 'Ann@placeholder.local' }],
    ['a name of 256 characters', { fullName: 'x'.repeat(256) }],
    ['a name that turns text around', { fullName: 'Ann\u202e' }],
    ['an empty name', { fullName: ' ' }],
    ['a picture by a script', { avatarUrl: 'javascript:alert(1)' }],
    ['a picture behind a password', { avatarUrl: 'https://a:b@pictures.test/' }],
    ['a picture of 2,049 characters', { avatarUrl: `https://pictures.test/${'x'.repeat(2_027)}` }],
    ['claims of other types', { email: 7, fullName: { a: 1 }, avatarUrl: ['https://pictures.test/'] }],
  ])('goes without %s', (_what, given) => {
    expect(profile(given)).toEqual({ email: null, emailVerified: false, fullName: null, avatarUrl: null });
  });

  it.each([
    ['empty', ''],
    ['of 256 characters', 'x'.repeat(256)],
    ['with a NUL', 'a\0b'],
    ['half a character', '\ud800'],
  ])('is refused with a subject that is %s', (_what, subject) => {
    expect(() => mustBeSubject(subject)).toThrow(expect.objectContaining({ status: 401 }));
  });

  it.each(['auth0|5f7c8ec7', 'x'.repeat(255), 'Ünïcode ☃', 'a b'])('is taken with the subject %j', (subject) => {
    expect(() => mustBeSubject(subject)).not.toThrow();
  });

  it('has an address of its own without giving one', () => {
    const subjects = [
      '4f0c',
      'A',
      'a',
      'x'.repeat(255),
      'x'.repeat(254),
      'ünï',
      'a b',
      'a@b',
      '..',
      'auth0|1',
      'auth0|2',
    ];
    const addresses = subjects.map((subject) => placeholderAddress(placeholderName('p', subject)));
    expect(new Set(addresses).size).toBe(subjects.length);
    expect(addresses[0]).toBe('4f0c@placeholder.local');
    for (const address of addresses) {
      expect([address, EMAIL_ADDRESS.problem(address), EMAIL_ADDRESS.normalise(address)]).toEqual([
        address,
        undefined,
        address,
      ]);
    }
  });
});

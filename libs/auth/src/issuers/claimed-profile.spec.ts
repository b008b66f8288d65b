import { claimedProfile } from './claimed-profile';

const FALLBACK = { user_metadata: { email: 'user@example.com' }, app_metadata: { email: 'app@example.com' } };

describe('what a token says of its person', () => {
  it('is the address of the first place that has one (spec 03 §3)', () => {
    expect(claimedProfile({ email: 'Top@Example.com', ...FALLBACK }).email).toBe('top@example.com');
    expect(claimedProfile({ email: '', ...FALLBACK }).email).toBe('user@example.com');
    expect(claimedProfile({ app_metadata: FALLBACK.app_metadata }).email).toBe('app@example.com');
    expect(claimedProfile({ email: ['a@example.com'], user_metadata: 'x', app_metadata: null })).toEqual({
      emailVerified: false,
    });
  });

  it('is a proven address only where the provider itself vouches for it', () => {
    const proven = (claims: object) => claimedProfile({ email: 'a@example.com', ...claims }).emailVerified;
    expect(proven({ email_verified: true })).toBe(true);
    expect(proven({ email_verified: 'true' })).toBe(false);
    expect(proven({ user_metadata: { email_verified: true } })).toBe(false);
    expect(proven({ email: undefined, email_verified: true, ...FALLBACK })).toBe(false);
  });

  it('is the first name and picture that are well-formed', () => {
    const { avatarUrl, fullName } = claimedProfile({
      name: 'x'.repeat(300),
      user_metadata: { full_name: '', name: 'Ann', avatar_url: 'javascript:alert(1)', picture: 'https://a.test/p' },
    });
    expect([fullName, avatarUrl]).toEqual(['Ann', 'https://a.test/p']);
  });
});

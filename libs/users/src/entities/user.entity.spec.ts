import { applyChanges, fromWire } from '@platform/database';
import { User } from './user.entity';

function user(values: Partial<User>): User {
  const made = new User();
  return Object.assign(made, { role: 'user', isActive: true, createdAt: new Date('2026-01-01T12:00:00Z') }, values);
}

describe('an account', () => {
  it.each([
    ['pro', 'active', true],
    ['enterprise', 'trialing', true],
    ['pro', 'past_due', false],
    ['free', 'active', false],
    [null, null, false],
  ] as const)('with plan %s and status %s is premium: %s', (subscriptionPlan, subscriptionStatus, premium) => {
    expect(user({ subscriptionPlan, subscriptionStatus }).isPremium).toBe(premium);
  });

  it('tells which of the given values differ', () => {
    const account = user({ fullName: 'Ann', avatarUrl: null });
    expect(applyChanges(account, fromWire(User, { full_name: 'Ann', avatar_url: undefined, role: 'admin' }))).toEqual([
      'role',
    ]);
    expect(applyChanges(account, fromWire(User, { full_name: null, is_active: false }))).toEqual([
      'full_name',
      'is_active',
    ]);
    expect(account).toMatchObject({ fullName: null, role: 'admin', isActive: false });
  });
});

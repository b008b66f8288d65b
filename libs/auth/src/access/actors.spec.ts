import { type User } from '@omni/users';
import { type CoreConfig } from '@platform/config';
import { definePermissions } from '@platform/kernel';
import { Permissions } from '@platform/security';
import { type AuthConfig } from '../auth.config';
import { Actors } from './actors';

const permissions = new Permissions([
  {
    name: 'things',
    permissions: definePermissions({
      'things.read': { summary: 'Read.', roles: ['user', 'admin'] },
      'things.purge': { summary: 'Purge.', roles: ['admin'] },
    }),
  },
]);

/** Actors read these members of an account only. */
const account = (role: string) => ({ id: 'u1', email: 'ann@example.com', role }) as unknown as User;

/** The two settings that actors read. */
function actors(adminRequireMfa?: boolean, isProduction = false): Actors {
  return new Actors(permissions, { adminRequireMfa } as AuthConfig, { isProduction } as CoreConfig);
}

describe('the actor of an account', () => {
  it('may what the role in the database may, and carries the facts of the session', () => {
    const facts = { sessionId: 's1', authenticatedAt: new Date(0), secondFactor: false, tenantId: 't1' };
    const actor = actors().of(account('admin'), facts);
    expect(actor).toEqual({
      kind: 'user',
      id: 'u1',
      email: 'ann@example.com',
      role: 'admin',
      permissions: new Set(['things.read', 'things.purge']),
      ...facts,
    });
    expect(Object.isFrozen(actor)).toBe(true);
  });

  it('may nothing in a role that nobody declared', () => {
    expect(actors().of(account('owner')).permissions.size).toBe(0);
  });

  it.each([
    ['ADMIN_REQUIRE_MFA is true', actors(true)],
    ['it is not set, in production', actors(undefined, true)],
  ])('carries what a plain user may while %s and no second factor was shown', (_when, made) => {
    for (const secondFactor of [false, undefined]) {
      const actor = made.of(account('admin'), { secondFactor });
      expect([...actor.permissions]).toEqual(['things.read']);
      expect([...(actor.withheld ?? [])]).toEqual(['things.purge']);
    }
  });

  it('carries all of the role once a second factor was shown', () => {
    const actor = actors(true).of(account('admin'), { secondFactor: true });
    expect(actor.permissions.has('things.purge')).toBe(true);
    expect(actor.withheld).toBeUndefined();
  });

  it('asks a plain user for no second factor, and nobody where ADMIN_REQUIRE_MFA is false', () => {
    expect(actors(true).of(account('user')).withheld).toBeUndefined();
    expect(actors(false, true).of(account('admin')).permissions.has('things.purge')).toBe(true);
  });
});

describe('the actor of an API key', () => {
  const facts = { sessionId: 's1', authenticatedAt: new Date(), secondFactor: true, tenantId: 't1' };

  it('may what both the scopes and the owner say, and nothing that only one of them says', () => {
    const owner = actors().of(account('user'));
    const key = actors().narrowed(owner, new Set(['things.read', 'things.purge', 'things.invented']), 'k1');
    expect([...key.permissions]).toEqual(['things.read']);
    expect([...actors().narrowed(owner, new Set(), 'k1').permissions]).toEqual([]);
    expect(key).toMatchObject({ kind: 'user', id: 'u1', apiKeyId: 'k1' });
    expect([...owner.permissions]).toEqual(['things.read']);
  });

  it('has no proof of identity and no session of its owner', () => {
    const key = actors().narrowed(actors().of(account('admin'), facts), new Set(['things.purge']), 'k1');
    expect(key).not.toHaveProperty('authenticatedAt');
    expect(key).not.toHaveProperty('secondFactor');
    expect(key).not.toHaveProperty('sessionId');
    expect(key.tenantId).toBe('t1');
  });

  it('is promised nothing for a second factor, which it can never show', () => {
    const key = actors(true).narrowed(actors(true).of(account('admin')), new Set(['things.purge']), 'k1');
    expect([key.permissions.size, key.withheld?.size]).toEqual([0, 0]);
  });
});

import { BootRefused, definePermissions } from '@platform/kernel';
import { Permissions } from './permissions';

const things = {
  name: 'things',
  permissions: definePermissions({
    'things.read': { summary: 'Read.', roles: ['user', 'admin'] },
    'things.purge': { summary: 'Purge.', roles: ['admin'] },
  }),
};

describe('the catalogue of permissions', () => {
  const permissions = new Permissions([things, { name: 'without' }]);

  it('gives each role what the domains say it may do, and nothing else', () => {
    expect([...permissions.ofRole('user')]).toEqual(['things.read']);
    expect([...permissions.ofRole('admin')]).toEqual(['things.read', 'things.purge']);
  });

  it('gives an unknown role nothing', () => {
    expect(permissions.ofRole('owner').size).toBe(0);
    expect(permissions.ofRole('constructor').size).toBe(0);
  });

  it('gives the same set each time, so that actors share it', () => {
    expect(permissions.ofRole('user')).toBe(permissions.ofRole('user'));
  });

  it('knows what is declared', () => {
    expect(permissions.has('things.read')).toBe(true);
    expect(permissions.has('things.write')).toBe(false);
    expect(permissions.all().map((permission) => permission.name)).toEqual(['things.read', 'things.purge']);
  });

  it('refuses to boot when two domains declare one name, and names both', () => {
    const twice = () => new Permissions([things, { name: 'gadgets', permissions: things.permissions.slice(0, 1) }]);
    expect(twice).toThrow(BootRefused);
    expect(twice).toThrow(/'things\.read' is declared twice, by things and gadgets/);
  });
});

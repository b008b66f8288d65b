import { type TestingModule } from '@nestjs/testing';
import { AuthModule, LocalAccountsService } from '@omni/auth';
import { UsersModule } from '@omni/users';
import { OperatorModule, Seeding } from '@platform/database';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';

const MODULES = [OperatorModule.of([AuthModule, UsersModule])];

describeEachDatabase('the demo accounts', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, MODULES);
  });

  it('are made once, and sign in with their public password and roles', async () => {
    const lines = await core.get(Seeding).run('demo');
    expect(lines.join()).toContain('user@omnistack.local and admin@omnistack.local');
    expect(await core.get(Seeding).run('demo')).toEqual([]);
    const login = (email: string) => core.get(LocalAccountsService).login({ email, password: 'omnistack-demo' });
    expect((await login('admin@omnistack.local')).user.role).toBe('superadmin');
    expect((await login('user@omnistack.local')).user.role).toBe('user');
  });

  it('are refused outside of ENVIRONMENT=local', async () => {
    const staging = await domainCore(test, MODULES, {
      ENVIRONMENT: 'staging',
      ALLOW_SQLITE_IN_PRODUCTION: 'true',
    });
    await expect(staging.get(Seeding).run('demo')).rejects.toThrow(/ENVIRONMENT=local, not staging/);
  });
});

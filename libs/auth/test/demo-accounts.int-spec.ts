import { type TestingModule } from '@nestjs/testing';
import { AuthCliModule } from '@cli/auth';
import { LocalAccountsService } from '@omni/auth';
import { Seeding } from '@platform/database';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';

describeEachDatabase('the demo accounts', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, [AuthCliModule]);
  });

  it('are made once, and sign in with their public password and roles', async () => {
    const lines = await core.get(Seeding).run('demo');
    expect(lines.join()).toContain('admin@omnistack.local and user@omnistack.local');
    expect(await core.get(Seeding).run('demo')).toEqual([]);
    const login = (email: string) => core.get(LocalAccountsService).login({ email, password: 'omnistack-demo' });
    expect((await login('admin@omnistack.local')).user.role).toBe('superadmin');
    expect((await login('user@omnistack.local')).user.role).toBe('user');
  });

  it('are refused outside of ENVIRONMENT=local', async () => {
    const staging = await domainCore(test, [AuthCliModule], {
      ENVIRONMENT: 'staging',
      ALLOW_SQLITE_IN_PRODUCTION: 'true',
    });
    await expect(staging.get(Seeding).run('demo')).rejects.toThrow(/ENVIRONMENT=local, not staging/);
  });
});

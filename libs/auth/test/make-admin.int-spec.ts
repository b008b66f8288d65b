import { type TestingModule } from '@nestjs/testing';
import { AuthCliModule } from '@cli/auth';
import { UserDirectory, UsersService } from '@omni/users';
import { Database, fromJson, statement } from '@platform/database';
import { systemActor } from '@platform/kernel';
import { aUser } from '@testing/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { MakeAdminCommand } from '../src/cli/make-admin.command';

const TRAIL = statement(
  'test.role-grants',
  `SELECT actor_role, details FROM audit_logs WHERE action = 'user.role_granted' AND resource_id = :id`,
);

describeEachDatabase('omni auth make-admin', (test) => {
  let core: TestingModule;
  let printed: string;

  beforeAll(async () => {
    core = await domainCore(test, [AuthCliModule]);
  });
  beforeEach(() => {
    printed = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text: string | Uint8Array) => {
      printed += String(text);
      return true;
    });
  });
  afterEach(() => jest.restoreAllMocks());

  const run = (email: string, role?: 'admin' | 'superadmin') => core.get(MakeAdminCommand).run([email], { role });
  const roleOf = async (id: string) => (await core.get(UserDirectory).byId(id))?.role;

  it('grants superadmin once, audited once, however often it runs', async () => {
    const { email, id } = await aUser(core.get(UserDirectory));
    await run(` ${email.toUpperCase()} `);
    await run(email);
    expect(await roleOf(id)).toBe('superadmin');
    expect(printed).toBe(`${email} is superadmin now\n${email} is superadmin already\n`);
    const trail = await core.get(Database).query<Record<string, unknown>>(TRAIL, { id });
    expect(trail).toHaveLength(1);
    expect(trail[0]?.actor_role).toBe('system:omni');
    expect(fromJson(trail[0]?.details)).toEqual({ before: { role: 'user' }, after: { role: 'superadmin' } });
  });

  it('grants admin where asked, and takes nothing from a superadmin', async () => {
    const [one, other] = [await aUser(core.get(UserDirectory)), await aUser(core.get(UserDirectory))];
    await run(one.email, 'admin');
    await run(other.email);
    await run(other.email, 'admin');
    expect([await roleOf(one.id), await roleOf(other.id)]).toEqual(['admin', 'superadmin']);
  });

  it('names the fix when there is no such account, or it is deactivated', async () => {
    await expect(run('nobody@example.test')).rejects.toThrow(/No account .* let the person register/);
    const { email, id } = await aUser(core.get(UserDirectory));
    await core.get(UsersService).deactivate(systemActor('test'), id);
    await expect(run(email)).rejects.toThrow(/is deactivated: let an admin activate it/);
    expect(await roleOf(id)).toBe('user');
  });
});

import { type TestingModule } from '@nestjs/testing';
import { AuthModule, LocalAccountsService } from '@omni/auth';
import { MembersService, OrganizationsModule, OrganizationsService } from '@omni/organizations';
import { UsersModule } from '@omni/users';
import { Database } from '@platform/database';
import { type Actor, ownerScope } from '@platform/kernel';
import { Authenticator, Tenancy } from '@platform/security';
import { aSignIn } from '@testing/auth';
import { anOrganization } from '@testing/organizations';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { MemberRepository } from '../src/members/member.repository';

describeEachDatabase('whom a person acts for', (test) => {
  let core: TestingModule;
  let members: MembersService;
  let statements = 0;

  beforeAll(async () => {
    core = await domainCore(test, [UsersModule, AuthModule, OrganizationsModule]);
    members = core.get(MembersService);
    core.get(Database).observe(() => (statements += 1));
  });

  /** A person signed in, and how their requests with this header are understood. */
  const person = async () => {
    const { accessToken, user } = await aSignIn(core.get(LocalAccountsService));
    const as = async (tenant?: string): Promise<Actor> => {
      const headers = { authorization: `Bearer ${accessToken}`, ...(tenant && { 'x-organization-id': tenant }) };
      return (await core.get(Authenticator).authenticate({ headers })) as Actor;
    };
    return { as, id: user.id, self: await as() };
  };
  const join = (id: string, userId: string, role: 'member' | 'owner') =>
    core.get(MemberRepository).join(id, userId, role);

  it('is the organization that the header names, if the person is a member, else nobody at all', async () => {
    const [ann, bob] = [await person(), await person()];
    const { id } = await anOrganization(core.get(OrganizationsService), ann.self);
    const acting = await ann.as(id);
    expect(acting).toMatchObject({ id: ann.id, tenantId: id, tenantRole: 'owner' });
    expect([ownerScope(acting), ownerScope(await ann.as('personal')), ownerScope(ann.self)]).toEqual([
      id,
      ann.id,
      ann.id,
    ]);
    await expect(bob.as(id)).rejects.toMatchObject({ status: 404, message: 'Organization not found' });
    await expect(bob.as(ann.id)).rejects.toMatchObject({ status: 404, message: 'Organization not found' });
  });

  it('is known without a query while the cache is warm', async () => {
    const ann = await person();
    const { id } = await anOrganization(core.get(OrganizationsService), ann.self);
    await ann.as(id);
    const before = statements;
    for (let index = 0; index < 5; index++) await ann.as(id);
    expect(statements - before).toBe(0);
  });

  it('is one of the organizations of the person, as they are at the moment', async () => {
    const ann = await person();
    const tenants = () => core.get(Tenancy).tenantsOf(ann.id);
    expect(await tenants()).toEqual([]);
    const [first, second] = [
      await anOrganization(core.get(OrganizationsService), ann.self),
      await anOrganization(core.get(OrganizationsService), ann.self),
    ];
    expect(await tenants()).toEqual([first.id, second.id].sort());
    await core.get(OrganizationsService).delete(ann.self, first.id);
    expect(await tenants()).toEqual([second.id]);
  });

  it('ends at once: when the person is removed or leaves, and when the organization is deleted', async () => {
    const [ann, bob, cid] = [await person(), await person(), await person()];
    const { id } = await anOrganization(core.get(OrganizationsService), ann.self);
    for (const { id: userId } of [bob, cid]) await join(id, userId, 'member');
    for (const each of [ann, bob, cid]) expect((await each.as(id)).tenantId).toBe(id);
    await members.remove(ann.self, id, bob.id);
    await expect(bob.as(id)).rejects.toMatchObject({ status: 404 });
    expect((await cid.as(id)).tenantRole).toBe('member');
    await core.get(OrganizationsService).delete(ann.self, id);
    for (const each of [ann, cid]) await expect(each.as(id)).rejects.toMatchObject({ status: 404 });
  });

  it('begins at once, and changes at once', async () => {
    const [ann, bob] = [await person(), await person()];
    const { id } = await anOrganization(core.get(OrganizationsService), ann.self);
    await expect(bob.as(id)).rejects.toMatchObject({ status: 404 });
    await join(id, bob.id, 'member');
    expect((await bob.as(id)).tenantRole).toBe('member');
    await members.setRole(ann.self, id, bob.id, 'admin');
    expect((await bob.as(id)).tenantRole).toBe('admin');
  });
});

import { type TestingModule } from '@nestjs/testing';
import { MemberLeft, MemberRoleChanged, OrganizationUpdated } from '@contract/organizations';
import { MembersService, OrganizationsModule, OrganizationsService } from '@omni/organizations';
import { UserDirectory, UsersModule } from '@omni/users';
import { Database, Migrator, statement } from '@platform/database';
import { type Actor } from '@platform/kernel';
import { Events } from '@platform/queue';
import { anOrganization } from '@testing/organizations';
import { actorOf, aUser } from '@testing/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { MemberRepository } from '../src/members/member.repository';

const NOWHERE = '0198f1c2-6f3a-7000-8000-000000000001';
const OWNERS = statement(
  'test.owners',
  `SELECT user_id FROM organization_memberships WHERE organization_id = :id AND role = 'owner'`,
);
const CLOSE = statement('test.close', 'UPDATE organizations SET deleted_at = :now WHERE id = :id');

/** What a refusal says to the client, without what it was asked about. */
async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'no refusal',
    (error: unknown) => ({ ...(error as object), details: undefined, message: (error as Error).message }),
  );
}

describeEachDatabase('organizations', (test) => {
  let core: TestingModule;
  let organizations: OrganizationsService;
  let members: MembersService;
  let ann: Actor;
  let bob: Actor;
  let cid: Actor;

  beforeAll(async () => {
    core = await domainCore(test, [UsersModule, OrganizationsModule]);
    organizations = core.get(OrganizationsService);
    members = core.get(MembersService);
  });
  beforeEach(async () => {
    const person = async (full_name: string) => actorOf(await aUser(core.get(UserDirectory), { full_name }));
    [ann, bob, cid] = [await person('Ann'), await person('Bob'), await person('Cid')];
  });

  /** Behind the curtain: invitations have a test of their own. */
  const join = (id: string, actor: Actor, role: 'member' | 'admin' | 'owner' = 'member') =>
    core.get(MemberRepository).join(id, actor.id, role);
  const roleOf = (id: string, actor: Actor) => core.get(MemberRepository).roleOf(id, actor.id);

  it('belong to their founder, and are listed newest first, by offset and by cursor', async () => {
    for (const name of ['one', 'two', 'three']) await anOrganization(organizations, ann, { name });
    await anOrganization(organizations, bob);
    const names = async (query: { skip?: number; limit?: number; cursor?: string }) => {
      const page = await organizations.page(ann, { skip: 0, limit: 20, ...query });
      return { ...page, items: page.items.map(({ organization, role }) => `${organization.name} ${role}`) };
    };
    expect(await names({})).toMatchObject({ total: 3, items: ['three owner', 'two owner', 'one owner'] });
    expect(await names({ skip: 9 })).toMatchObject({ total: 3, items: [], nextCursor: null });
    const { items, nextCursor } = await names({ limit: 2 });
    expect(items).toEqual(['three owner', 'two owner']);
    expect(await names({ limit: 2, cursor: nextCursor ?? '' })).toMatchObject({
      items: ['one owner'],
      nextCursor: null,
    });
    await expect(organizations.page(bob, { skip: 0, limit: 2, cursor: nextCursor ?? '' })).rejects.toMatchObject({
      status: 422,
    });
  });

  it('look like missing ones to others than their members, whatever these ask', async () => {
    const { id } = await anOrganization(organizations, ann);
    await join(id, cid);
    const asks: ((id: string) => Promise<unknown>)[] = [
      (which) => organizations.read(bob, which),
      (which) => organizations.update(bob, which, { name: 'mine' }),
      (which) => organizations.delete(bob, which),
      (which) => members.page(bob, which, { skip: 0, limit: 5 }),
      (which) => members.setRole(bob, which, cid.id, 'admin'),
      (which) => members.remove(bob, which, cid.id),
      (which) => members.leave(bob, which),
      (which) => members.transfer(bob, which, bob.id),
      // The permission of a platform admin opens the admin routes, not these.
      (which) => organizations.readAny(bob, which),
    ];
    for (const ask of asks) {
      const missing = await refusal(ask(NOWHERE));
      expect(missing).toMatchObject({ status: 404, message: 'Organization not found' });
      expect(await refusal(ask(id))).toEqual(missing);
    }
  });

  it('know their own members alone, and none once they are deleted', async () => {
    const { id } = await anOrganization(organizations, ann);
    const other = await anOrganization(organizations, bob);
    await expect(members.setRole(ann, id, bob.id, 'admin')).rejects.toMatchObject({ status: 404 });
    await expect(members.remove(ann, id, bob.id)).rejects.toMatchObject({ status: 404 });
    expect([await roleOf(id, bob), await roleOf(other.id, bob)]).toEqual([null, 'owner']);
    // A membership that was written while the organization went.
    await core.get(Database).execute(CLOSE, { id: other.id, now: new Date() });
    expect(await roleOf(other.id, bob)).toBeNull();
    expect(await core.get(MemberRepository).tenantsOf(bob.id)).toEqual([]);
  });

  it('are changed by admins and owners only, with the version in mind', async () => {
    const { id } = await anOrganization(organizations, ann, { name: 'old' });
    await join(id, bob, 'admin');
    await join(id, cid);
    const told: string[][] = [];
    core.get(Events).onCommitted(OrganizationUpdated, ({ payload }) => {
      if (payload.organization_id === id) told.push(payload.changed);
    });
    await expect(organizations.update(cid, id, { name: 'mine' })).rejects.toMatchObject({
      status: 403,
      details: { required_role: 'admin' },
    });
    const changed = await organizations.update(bob, id, { name: 'new' }, 1);
    expect(changed).toMatchObject({ role: 'admin', organization: { name: 'new', version: 2 } });
    expect(await organizations.update(ann, id, { name: 'new' })).toMatchObject({ organization: { version: 2 } });
    await expect(organizations.update(ann, id, { name: 'late' }, 1)).rejects.toMatchObject({ status: 412 });
    await expect(organizations.delete(bob, id)).rejects.toMatchObject({ status: 403 });
    await expect(organizations.delete(ann, id, 1)).rejects.toMatchObject({ status: 412 });
    expect(told).toEqual([['name']]);
  });

  it('list their members in the order of joining, with names', async () => {
    const { id } = await anOrganization(organizations, ann);
    await join(id, bob, 'admin');
    await join(id, cid);
    const first = await members.page(cid, id, { skip: 0, limit: 2 });
    expect(first).toMatchObject({
      total: 3,
      items: [
        { membership: { role: 'owner' }, user: { fullName: 'Ann' } },
        { membership: { role: 'admin' }, user: { fullName: 'Bob' } },
      ],
    });
    const rest = await members.page(cid, id, { skip: 0, limit: 2, cursor: first.nextCursor ?? '' });
    expect(rest).toMatchObject({ items: [{ user: { fullName: 'Cid' } }], nextCursor: null });
  });

  it('give roles by their owners only, several owners included', async () => {
    const { id } = await anOrganization(organizations, ann);
    await join(id, bob, 'admin');
    await join(id, cid);
    await expect(members.setRole(bob, id, cid.id, 'admin')).rejects.toMatchObject({ status: 403 });
    await expect(members.setRole(cid, id, cid.id, 'owner')).rejects.toMatchObject({ status: 403 });
    await expect(members.setRole(ann, id, NOWHERE, 'admin')).rejects.toMatchObject({ status: 404 });
    const told: string[] = [];
    core.get(Events).onCommitted(MemberRoleChanged, ({ payload }) => void told.push(payload.role));
    expect(await members.setRole(ann, id, cid.id, 'owner')).toMatchObject({ membership: { role: 'owner' } });
    await members.setRole(ann, id, cid.id, 'owner');
    expect(told).toEqual(['owner']);
    await members.setRole(cid, id, ann.id, 'member');
    await expect(members.setRole(cid, id, cid.id, 'admin')).rejects.toMatchObject({ status: 409 });
  });

  it('let admins remove plain members, owners anybody, and everybody but the last owner leave', async () => {
    const { id } = await anOrganization(organizations, ann);
    const dan = actorOf(await aUser(core.get(UserDirectory)));
    await join(id, bob, 'admin');
    await join(id, cid, 'admin');
    await join(id, dan);
    await expect(members.remove(dan, id, bob.id)).rejects.toMatchObject({ status: 403 });
    await expect(members.remove(bob, id, cid.id)).rejects.toMatchObject({ status: 403 });
    await expect(members.remove(bob, id, ann.id)).rejects.toMatchObject({ status: 403 });
    const gone: string[] = [];
    core.get(Events).onCommitted(MemberLeft, ({ payload }) => void gone.push(payload.user_id));
    await members.remove(bob, id, dan.id);
    await members.remove(ann, id, cid.id);
    await members.leave(bob, id);
    expect(gone).toEqual([dan.id, cid.id, bob.id]);
    await expect(members.leave(ann, id)).rejects.toMatchObject({
      status: 409,
      message: expect.stringContaining('transfer the organization') as string,
    });
    expect(await members.page(ann, id, { skip: 0, limit: 5 })).toMatchObject({ total: 1 });
  });

  it('are handed over to another member, whose predecessor stays as an admin', async () => {
    const { id } = await anOrganization(organizations, ann);
    await join(id, bob);
    await expect(members.transfer(bob, id, bob.id)).rejects.toMatchObject({ status: 403 });
    await expect(members.transfer(ann, id, cid.id)).rejects.toMatchObject({ status: 404 });
    await members.transfer(ann, id, ann.id);
    expect(await roleOf(id, ann)).toBe('owner');
    await members.transfer(ann, id, bob.id);
    expect([await roleOf(id, ann), await roleOf(id, bob)]).toEqual(['admin', 'owner']);
  });

  it('keep an owner when all of them leave and step down at once', async () => {
    const { id } = await anOrganization(organizations, ann);
    const owners = [
      ann,
      bob,
      cid,
      ...(await Promise.all([1, 2, 3].map(() => aUser(core.get(UserDirectory))))).map((user) => actorOf(user)),
    ];
    for (const owner of owners.slice(1)) await join(id, owner, 'owner');
    const acts = owners.map((owner, index) =>
      index % 2 === 0 ? members.leave(owner, id) : members.setRole(owner, id, owner.id, 'member'),
    );
    const outcomes = await Promise.allSettled(acts);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { status: 409 } }]);
    expect(await core.get(Database).query(OWNERS, { id })).toHaveLength(1);
  });

  it('are found by admins of the platform, by a part of the name, taken literally', async () => {
    const admin = { ...bob, permissions: new Set(['organizations.list_all', 'organizations.read_any']) };
    const { id } = await anOrganization(organizations, ann, { name: '100% Übel' });
    await join(id, cid);
    const page = (search?: string) => organizations.pageAll(admin, { skip: 0, limit: 5, search });
    expect(await page('% üb')).toMatchObject({ total: 1, items: [{ organization: { id }, members: 2 }] });
    expect(await page('% ÜB'.normalize('NFD'))).toMatchObject({ total: 1 });
    expect(await page('100_')).toMatchObject({ total: 0 });
    expect((await page()).total).toBeGreaterThan(5);
    expect(await organizations.readAny(admin, id)).toMatchObject({ members: 2 });
    expect(await organizations.pageAll(ann, { skip: 0, limit: 5 })).toMatchObject({ total: 0, items: [] });
  });

  it('have the tables that their entities describe', async () => {
    expect(await core.get(Migrator).drift()).toEqual([]);
  });
});

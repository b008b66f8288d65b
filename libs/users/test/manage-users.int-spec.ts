import { type TestingModule } from '@nestjs/testing';
import { UserDeactivated, UserUpdated } from '@contract/users';
import { type User, UserDirectory, UsersModule, UsersService } from '@omni/users';
import { Cache } from '@platform/cache';
import { Migrator, statement } from '@platform/database';
import { Database } from '@platform/database';
import { systemActor } from '@platform/kernel';
import { Events } from '@platform/queue';
import { actorOf, aUser } from '@testing/users';
import { userTag } from '@omni/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';

const SYSTEM = systemActor('test');
const MAILS = statement('test.welcome-mails', `SELECT key FROM jobs WHERE name = 'users.send_welcome_mail'`);

describeEachDatabase('accounts', (test) => {
  let core: TestingModule;
  let users: UsersService;
  let directory: UserDirectory;

  beforeAll(async () => {
    core = await domainCore(test, [UsersModule]);
    users = core.get(UsersService);
    directory = core.get(UserDirectory);
  });

  const withRole = async (role: 'admin' | 'superadmin') => {
    const { id } = await aUser(directory);
    return users.patch(SYSTEM, id, { role });
  };
  const status = (work: Promise<unknown>) =>
    work.then(
      () => 200,
      (error: { status?: number }) => error.status,
    );

  it('keep addresses in lower case, one account each, and one welcome mail, when ten register at once', async () => {
    const attempts = Array.from({ length: 10 }, (_, index) =>
      status(directory.register({ email: index % 2 ? 'Ten@Example.test' : ' ten@example.TEST' })),
    );
    expect((await Promise.all(attempts)).sort()).toEqual([200, ...Array<number>(9).fill(409)]);
    const user = await directory.byEmail('TEN@example.test');
    expect(user).toMatchObject({ email: 'ten@example.test', role: 'user', isActive: true });
    const mails = await core.get(Database).query<{ key: string }>(MAILS);
    expect(mails.filter(({ key }) => key === user?.id)).toHaveLength(1);
  });

  it('change what is given, and tell what changed and nothing else', async () => {
    const user = await aUser(directory, { full_name: 'Ann' });
    const told: unknown[] = [];
    core
      .get(Events)
      .onCommitted(UserUpdated, ({ payload }) => void (payload.user_id === user.id && told.push(payload)));
    const sneaky = { full_name: 'Ann B', role: 'superadmin', is_active: false };
    expect(await users.updateMe(actorOf(user), sneaky)).toMatchObject({
      fullName: 'Ann B',
      role: 'user',
      isActive: true,
    });
    expect(await users.updateMe(actorOf(user), {})).toMatchObject({ version: 2 });
    expect(told).toEqual([{ user_id: user.id, changed: ['full_name'] }]);
    expect(await status(users.updateMe(actorOf(user), { full_name: 'C' }, 1))).toBe(412);
  });

  it('are found by filters together, literally, newest first, and walked by cursor', async () => {
    const made: User[] = [];
    for (let index = 0; index < 5; index++) {
      made.push(await aUser(directory, { email: `find-${index}@filter.test`, full_name: `100% Ünique ${index}` }));
    }
    await users.deactivate(SYSTEM, made[0]?.id ?? '');
    const all = (query: object) => users.page(SYSTEM, { skip: 0, limit: 100, ...query });
    expect(await all({ search: 'FILTER.test' })).toMatchObject({ total: 5 });
    expect(await all({ search: '100% ÜN' })).toMatchObject({ total: 5 });
    expect(await all({ search: '100% ün'.normalize('NFD') })).toMatchObject({ total: 5 });
    expect(await all({ search: '100_' })).toMatchObject({ total: 0 });
    expect(await all({ search: 'filter.test', is_active: false })).toMatchObject({
      total: 1,
      items: [{ id: made[0]?.id }],
    });
    expect(await all({ search: 'filter.test', is_active: true, role: 'user' })).toMatchObject({ total: 4 });
    expect(await all({ search: 'filter.test', role: 'admin' })).toMatchObject({ total: 0 });
    const first = await all({ search: 'filter.test', limit: 3 });
    const second = await all({ search: 'filter.test', limit: 3, cursor: first.nextCursor });
    const emails = [...first.items, ...second.items].map((user) => user.email[5]);
    expect(emails).toEqual(['4', '3', '2', '1', '0']);
  });

  it('are seen and changed by their person and by admins only', async () => {
    const [ann, bob] = [await aUser(directory), await aUser(directory)];
    const admin = await withRole('admin');
    expect(await status(users.read(actorOf(ann), bob.id))).toBe(404);
    expect(await status(users.patch(actorOf(ann), bob.id, { full_name: 'x' }))).toBe(404);
    expect(await users.page(actorOf(ann), { skip: 0, limit: 5 })).toMatchObject({ items: [], total: 0 });
    expect((await users.read(actorOf(admin), bob.id)).id).toBe(bob.id);
    expect((await users.me(actorOf(ann))).id).toBe(ann.id);
  });

  it('get roles from superadmins only, and never from themselves', async () => {
    const [user, admin, superadmin] = [await aUser(directory), await withRole('admin'), await withRole('superadmin')];
    const otherAdmin = await withRole('admin');
    expect(await status(users.patch(actorOf(admin), user.id, { role: 'admin' }))).toBe(403);
    expect(await status(users.patch(actorOf(admin), otherAdmin.id, { role: 'user' }))).toBe(403);
    expect(await status(users.deactivate(actorOf(admin), otherAdmin.id))).toBe(403);
    expect(await status(users.patch(actorOf(admin), admin.id, { role: 'superadmin' }))).toBe(400);
    expect(await status(users.patch(actorOf(superadmin), superadmin.id, { role: 'user' }))).toBe(400);
    expect(await status(users.deactivate(actorOf(superadmin), superadmin.id))).toBe(400);
    expect(await users.patch(actorOf(superadmin), user.id, { role: 'admin' })).toMatchObject({ role: 'admin' });
    expect(await users.deactivate(actorOf(superadmin), otherAdmin.id)).toMatchObject({ isActive: false });
  });

  it('are forgotten by every cache when they change, and not before', async () => {
    const user = await aUser(directory);
    const cache = core.get(Cache);
    const read = () =>
      cache.getOrCompute(`test:${user.id}`, 60_000, async () => (await directory.byId(user.id))?.isActive, {
        tags: [userTag(user.id)],
      });
    expect(await read()).toBe(true);
    const gone: string[] = [];
    core.get(Events).onCommitted(UserDeactivated, ({ payload }) => void gone.push(payload.user_id));
    await users.deactivate(SYSTEM, user.id);
    expect(await read()).toBe(false);
    expect(gone).toContain(user.id);
  });

  it('count sign-ins without losing one', async () => {
    const user = await aUser(directory);
    await Promise.all(Array.from({ length: 8 }, () => directory.recordLogin(user)));
    expect(await directory.byId(user.id)).toMatchObject({ loginCount: 8, lastLoginAt: expect.any(Date) as Date });
    await users.deactivate(SYSTEM, user.id);
    expect(await directory.recordLogin(user)).toBe(false);
  });

  it('have the tables that their entities describe', async () => {
    expect(await core.get(Migrator).drift()).toEqual([]);
  });
});

describeEachDatabase('the last superadmin', (test) => {
  let core: TestingModule;

  beforeAll(async () => {
    core = await domainCore(test, [UsersModule]);
  });

  it('stays when all of them demote and shut out each other at once', async () => {
    const users = core.get(UsersService);
    const directory = core.get(UserDirectory);
    const all: User[] = [];
    for (let index = 0; index < 6; index++) {
      const { id } = await aUser(directory);
      all.push(await users.patch(SYSTEM, id, { role: 'superadmin' }));
    }
    // Each is dismissed by the next, one half by demotion, the other by deactivation.
    const dismissals = all.map((user, index) => {
      const actor = actorOf(all[(index + 1) % all.length] ?? user);
      return index % 2 ? users.patch(actor, user.id, { role: 'user' }) : users.deactivate(actor, user.id);
    });
    const outcomes = await Promise.allSettled(dismissals);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({ status: 409 });
    const left = await users.page(SYSTEM, { skip: 0, limit: 10, role: 'superadmin', is_active: true });
    expect(left.total).toBe(1);
  });
});

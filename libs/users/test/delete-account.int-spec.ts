import { type TestingModule } from '@nestjs/testing';
import { UserErased } from '@contract/users';
import {
  DeletionBlocker,
  DeletionBlockers,
  AddressProofs,
  type User,
  UserDirectory,
  UsersModule,
  UsersService,
} from '@omni/users';
import { Cache } from '@platform/cache';
import { Database, statement, SubjectData } from '@platform/database';
import { type Actor, Clock, systemActor } from '@platform/kernel';
import { Mailbox } from '@platform/mail';
import { Events, WorkerModule } from '@platform/queue';
import { actorOf, aUser } from '@testing/users';
import { UsersWorkerModule } from '@worker/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { AccountDeletionsService } from '../src/deletions/account-deletions.service';
import { AccountErasure } from '../src/deletions/account-erasure';
import { userTag } from '../src/users.tags';
import { SendAddressProvedMailHandler } from '../src/worker/send-address-proved-mail.handler';
import { SendDeletionMailsHandler } from '../src/worker/send-deletion-mails.handler';
import { UsersSchedule } from '../src/worker/users.schedule';

const DAY_MS = 86_400_000;
const SYSTEM = systemActor('test');
const JOBS = statement(
  'test.deletion-jobs',
  `SELECT name, key, payload, run_at, created_at FROM jobs WHERE key LIKE :key ORDER BY created_at`,
);
const WISHES = statement('test.wishes', 'SELECT id, erased_at FROM account_deletions WHERE user_id = :id');
const AUDITED = statement(
  'test.audited',
  `SELECT details FROM audit_logs WHERE action = 'user.deleted' AND resource_id = :id`,
);

/** Something in the way, as a domain above would say. */
class Lease extends DeletionBlocker {
  readonly tenants = new Map<string, string>();

  async reasons(userId: string): Promise<readonly string[]> {
    const lease = this.tenants.get(userId);
    return lease === undefined ? [] : [lease];
  }
}

describeEachDatabase('an account that is to be deleted', (test) => {
  let core: TestingModule;
  let directory: UserDirectory;
  let deletions: AccountDeletionsService;
  let erasure: AccountErasure;
  let offset = 0;
  const lease = new Lease();

  beforeAll(async () => {
    const settings = { ACCOUNT_DELETION_GRACE_DAYS: '7', JOBS_ENGINE: 'embedded' };
    core = await domainCore(test, [UsersModule, WorkerModule, UsersWorkerModule], settings);
    directory = core.get(UserDirectory);
    deletions = core.get(AccountDeletionsService);
    erasure = core.get(AccountErasure);
    core.get(DeletionBlockers).register(lease);
    jest.spyOn(core.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + offset));
  });
  beforeEach(() => (offset = 0));

  const now = () => core.get(Clock).now();
  const jobsOf = (id: string) =>
    core
      .get(Database)
      .query<{ name: string; key: string; payload: unknown; run_at: string; created_at: string }>(JOBS, {
        key: `${id}%`,
      });
  const wishesOf = (user: User) =>
    core.get(Database).query<{ id: string; erased_at: string | null }>(WISHES, { id: user.id });
  const status = (work: Promise<unknown>) =>
    work.then(
      () => 200,
      (error: { status?: number }) => error.status,
    );

  it('waits for its day: one wish, one mail and one job, however often and at once it is asked for', async () => {
    const user = await aUser(directory);
    const asked = await Promise.all(Array.from({ length: 8 }, () => deletions.request(actorOf(user))));
    offset = DAY_MS;
    asked.push(await deletions.request(actorOf(user)));
    const [first] = asked;
    expect(new Set(asked.map(({ dueAt }) => dueAt.getTime())).size).toBe(1);
    expect((first?.dueAt.getTime() ?? 0) - (first?.requestedAt.getTime() ?? 0)).toBe(7 * DAY_MS);
    const jobs = await jobsOf(first?.id ?? '');
    expect(jobs.map(({ name }) => name).sort()).toEqual(['users.erase_account', 'users.send_deletion_mail']);
    const waiting = jobs.find(({ name }) => name === 'users.erase_account');
    const delay = new Date(waiting?.run_at ?? 0).getTime() - new Date(waiting?.created_at ?? 0).getTime();
    expect(Math.abs(delay - 7 * DAY_MS)).toBeLessThan(60_000);
  });

  it('stays until then, and for good when its person thinks better of it', async () => {
    const user = await aUser(directory);
    const { id } = await deletions.request(actorOf(user));
    offset = 6 * DAY_MS;
    expect(await erasure.run(id, now())).toEqual({ outcome: 'not_due' });
    await deletions.cancel(actorOf(user));
    expect(await status(deletions.mine(actorOf(user)))).toBe(404);
    expect(await status(deletions.cancel(actorOf(user)))).toBe(404);
    offset = 8 * DAY_MS;
    expect(await erasure.run(id, now())).toEqual({ outcome: 'cancelled' });
    expect((await directory.byId(user.id))?.email).toBe(user.email);
  });

  it('is off once somebody proves its address for the first time, and not asked for by a person who was here before that', async () => {
    const user = await aUser(directory);
    const before: Actor = { ...actorOf(user), authenticatedAt: now() };
    await deletions.request(before);
    offset = 60_000;
    const proof = await core.get(AddressProofs).prove(user.id, user.email, { waysIn: 'none' });
    expect(proof?.ended).toEqual({ 'requests to delete the account': 1 });
    await core.get(SendAddressProvedMailHandler).send({ user_id: user.id, ended: proof?.ended ?? {} });
    const [mail] = await core.get(Mailbox).list(user.email);
    expect(mail).toMatchObject({ template: 'address_proved' });
    expect(mail?.text).toContain('requests to delete the account: 1');
    expect(await status(deletions.mine(before))).toBe(404);
    expect(await status(deletions.request(before))).toBe(401);
    expect(await status(deletions.request({ ...before, authenticatedAt: now() }))).toBe(200);
    // A second proof is an everyday thing.
    await core.get(AddressProofs).prove(user.id, user.email, { waysIn: 'none' });
    expect(await status(deletions.mine(before))).toBe(200);
  });

  it('goes on its day, with all of it, and is told of once; its address is free', async () => {
    const user = await aUser(directory, { full_name: 'Ann' });
    const bystander = await aUser(directory);
    const { id } = await deletions.request(actorOf(user));
    const told: unknown[] = [];
    core.get(Events).onCommitted(UserErased, ({ payload }) => void told.push(payload));
    const cached = () =>
      core.get(Cache).getOrCompute(`test:${user.id}`, 30 * DAY_MS, async () => (await directory.byId(user.id))?.id, {
        tags: [userTag(user.id)],
      });
    expect(await cached()).toBe(user.id);
    offset = 7 * DAY_MS;
    const [one, other] = await Promise.all([erasure.run(id, now()), erasure.run(id, now())]);
    expect([one.outcome, other.outcome].sort()).toEqual(['erased', 'swept']);
    expect(await directory.byId(user.id)).toBeNull();
    expect(await cached()).toBeUndefined();
    expect(told).toEqual([{ user_id: user.id }]);
    const trail = await core.get(Database).query(AUDITED, { id: user.id });
    expect(trail).toHaveLength(1);
    expect(JSON.stringify(trail)).toContain('users');
    expect(await wishesOf(user)).toEqual([{ id, erased_at: expect.anything() as unknown }]);
    const jobs = await jobsOf(id);
    const last = jobs.filter(({ name }) => name === 'users.send_account_deleted_mail');
    expect(last).toHaveLength(1);
    expect(JSON.stringify(last[0]?.payload)).toContain(user.email);
    expect((await directory.byId(bystander.id))?.id).toBe(bystander.id);
    expect((await directory.register({ email: user.email })).id).not.toBe(user.id);
  });

  it('is whole when its deletion fails in the middle', async () => {
    const user = await aUser(directory);
    const { id } = await deletions.request(actorOf(user));
    offset = 8 * DAY_MS;
    const data = core.get(SubjectData);
    const erase = data.erase.bind(data);
    const dying = jest.spyOn(data, 'erase').mockImplementationOnce(async (kind, subject, email) => {
      await erase(kind, subject, email);
      throw new Error('the process dies');
    });
    await expect(erasure.run(id, now())).rejects.toThrow('the process dies');
    expect((await directory.byId(user.id))?.email).toBe(user.email);
    expect(await wishesOf(user)).toEqual([{ id, erased_at: null }]);
    expect((await jobsOf(id)).map(({ name }) => name)).not.toContain('users.send_account_deleted_mail');
    dying.mockRestore();
    expect((await erasure.run(id, now())).outcome).toBe('erased');
  });

  it('is refused while others depend on it, and kept when they do by then; its person is told once', async () => {
    const user = await aUser(directory);
    lease.tenants.set(user.id, 'A lease runs until May');
    await expect(deletions.request(actorOf(user))).rejects.toMatchObject({
      status: 409,
      details: { obstacles: ['A lease runs until May'] },
    });
    lease.tenants.delete(user.id);
    const { id } = await deletions.request(actorOf(user));
    lease.tenants.set(user.id, 'A lease runs until <May>');
    offset = 8 * DAY_MS;
    expect(await erasure.run(id, now())).toEqual({ outcome: 'blocked' });
    expect(await erasure.run(id, now())).toEqual({ outcome: 'blocked' });
    expect((await deletions.mine(actorOf(user))).blockedAt).not.toBeNull();
    const mails = (await jobsOf(id)).filter(({ key }) => key === `${id}:blocked`);
    expect(mails).toHaveLength(1);
    await core.get(SendDeletionMailsHandler).tell({
      deletion_id: id,
      occasion: 'blocked',
      obstacles: ['A lease runs until <May>'],
    });
    const [mail] = await core.get(Mailbox).list(user.email);
    expect(mail).toMatchObject({ template: 'deletion_blocked' });
    expect(mail?.html).toContain('A lease runs until &lt;May&gt;');
    lease.tenants.delete(user.id);
    expect((await erasure.run(id, now())).outcome).toBe('erased');
  });

  it('is asked for by the hourly look, once it is due, and once a day while something is in the way', async () => {
    const [due, early] = [await aUser(directory), await aUser(directory)];
    const [{ id }, later] = [await deletions.request(actorOf(due)), await deletions.request(actorOf(early))];
    const look = async (days: number) => {
      offset = days * DAY_MS;
      const scheduled_for = now().toISOString();
      await core.get(UsersSchedule).eraseDueAccounts({ scheduled_for });
      return (await jobsOf(id)).some(({ key }) => key === `${id}:${scheduled_for}`);
    };
    await core
      .get(Database)
      .manager.query(`UPDATE account_deletions SET due_at = '2199-01-01T00:00:00.000Z' WHERE id = '${later.id}'`);
    expect(await look(6)).toBe(false);
    expect(await look(7.1)).toBe(true);
    lease.tenants.set(due.id, 'A lease');
    await erasure.run(id, now());
    expect(await look(7.5)).toBe(false);
    expect(await look(8.2)).toBe(true);
    expect((await jobsOf(later.id)).map(({ key }) => key).sort()).toEqual([later.id, `${later.id}:requested`]);
  });

  it('is never that of the last active superadmin, also when the last two go at once', async () => {
    const users = core.get(UsersService);
    const make = async () => users.patch(SYSTEM, (await aUser(directory)).id, { role: 'superadmin' });
    const one = await make();
    await expect(deletions.request(actorOf(one))).rejects.toMatchObject({ status: 409 });
    const other = await make();
    const wishes = [await deletions.request(actorOf(one)), await deletions.request(actorOf(other))];
    offset = 8 * DAY_MS;
    const outcomes = await Promise.all(wishes.map(({ id }) => erasure.run(id, now())));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['blocked', 'erased']);
  });
});

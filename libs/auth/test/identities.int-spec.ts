import { type TestingModule } from '@nestjs/testing';
import { AuthModule, LocalAccountsService } from '@omni/auth';
import { UserDirectory, UsersService } from '@omni/users';
import { Database, statement } from '@platform/database';
import { systemActor } from '@platform/kernel';
import { aSignIn } from '@testing/auth';
import { actorOf } from '@testing/users';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { type ExternalProfile } from '../src/identities/external-profile';
import { IdentitiesService } from '../src/identities/identities.service';
import { IdentityRepository } from '../src/identities/identity.repository';

const USERS = statement('test.users', 'SELECT id FROM users');
const MADE = statement(
  'test.audited-users',
  `SELECT resource_id, details FROM audit_logs WHERE action = 'user.created'`,
);
const WORK = statement('test.work', 'SELECT name, payload FROM jobs WHERE name IN (:registered, :welcome)');
const WORK_NAMES = { registered: 'users.user_registered', welcome: 'users.send_welcome_mail' };

let serial = 0;

/** A profile that nobody had before. */
function aProfile(given: Partial<ExternalProfile> = {}): ExternalProfile {
  serial += 1;
  return { provider: 'clerk', subject: `user_${serial}`, emailVerified: false, ...given };
}

describeEachDatabase('the subject of another provider', (test) => {
  let core: TestingModule;
  let identities: IdentitiesService;
  let database: Database;

  beforeAll(async () => {
    core = await domainCore(test, [AuthModule]);
    identities = core.get(IdentitiesService);
    database = core.get(Database);
  });

  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'in',
      (error: Error & { status?: number }) => `${error.status} ${error.name}`,
    );
  const aboutTo = async (userId: string) => {
    const rows = await database.query<{ name: string; payload: unknown }>(WORK, WORK_NAMES);
    return rows.filter((row) => JSON.stringify(row.payload).includes(userId)).map((row) => row.name);
  };

  it('has one account, however many first requests come at once and to two processes', async () => {
    // Apart from the database the two have nothing in common: no lock of a process can be what holds.
    const other = (await domainCore(test, [AuthModule])).get(IdentitiesService);
    const before = (await database.query(USERS)).length;
    // Each request gives another address: that addresses are unique must not be what holds, either.
    const profile = aProfile();
    const requests = Array.from({ length: 50 }, (_, index) =>
      (index % 2 ? other : identities).userOf({ ...profile, email: `first-${index}@example.test` }),
    );
    const ids = new Set((await Promise.all(requests)).map((user) => user.id));
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    expect(await database.query(USERS)).toHaveLength(before + 1);
    expect((await aboutTo(id)).sort()).toEqual(['users.send_welcome_mail', 'users.user_registered']);
    const audited = await database.query<{ resource_id: string; details: unknown }>(MADE);
    const rows = audited.filter((row) => row.resource_id === id);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows[0]?.details)).toContain('clerk');
  });

  it('is known again, with what it was first, and costs nothing then', async () => {
    const profile = aProfile({ email: 'again@example.test', fullName: 'Ann' });
    const first = await identities.userOf(profile);
    expect(first).toMatchObject({ email: 'again@example.test', fullName: 'Ann', role: 'user', emailVerifiedAt: null });
    let writes = 0;
    database.observe(({ operation }) => (writes += operation === 'SELECT' ? 0 : 1));
    expect(await identities.userOf({ ...profile, fullName: 'Bob' })).toMatchObject({ id: first.id, fullName: 'Ann' });
    expect(writes).toBe(0);
  });

  it('is another one at another provider, and in other letters', async () => {
    const profile = aProfile({ subject: 'same' });
    const made = [profile, { ...profile, provider: 'supabase' }, { ...profile, subject: 'Same' }];
    const users = [];
    for (const one of made) users.push(await identities.userOf(one));
    expect(new Set(users.map((user) => user.id)).size).toBe(3);
    expect(users[0]?.email).toBe('same@placeholder.local');
    for (const { email } of users) expect(email).toMatch(/^[a-z0-9]+@placeholder\.local$/);
  });

  it('never gets the account of who has its address, whatever the provider says of that', async () => {
    const { user } = await aSignIn(core.get(LocalAccountsService));
    for (const emailVerified of [true, false]) {
      const profile = aProfile({ email: user.email.toUpperCase(), emailVerified });
      expect(await outcome(identities.userOf(profile))).toBe('409 IdentityEmailTaken');
      // Nothing is left behind: the next request is a first one again.
      expect(await identities.userOf({ ...profile, email: undefined })).toMatchObject({ role: 'user' });
    }
    const elsewhere = await identities.userOf(aProfile({ email: 'elsewhere@example.test', emailVerified: true }));
    const same = aProfile({ provider: 'supabase', email: elsewhere.email, emailVerified: true });
    expect(await outcome(identities.userOf(same))).toBe('409 IdentityEmailTaken');
  });

  it('gets one of two accounts that ask for one address at once', async () => {
    const asked = [aProfile(), aProfile()].map((profile) =>
      outcome(identities.userOf({ ...profile, email: 'at-once@example.test' })),
    );
    expect((await Promise.all(asked)).sort()).toEqual(['409 IdentityEmailTaken', 'in']);
  });

  it('moves to the address that its provider vouches for, if that is free', async () => {
    const profile = aProfile({ email: 'old@example.test', emailVerified: true });
    const first = await identities.userOf(profile);
    const { user: other } = await aSignIn(core.get(LocalAccountsService));
    for (const [email, emailVerified] of [
      ['new@example.test', false],
      [other.email, true],
    ] as const) {
      expect(await identities.userOf({ ...profile, email, emailVerified })).toMatchObject({ email: first.email });
    }
    const moved = await identities.userOf({ ...profile, email: 'New@example.test' });
    expect(moved).toMatchObject({ id: first.id, email: 'new@example.test', version: first.version + 1 });
    expect(moved.emailVerifiedAt).not.toBeNull();
  });

  it('does not move an account that has another way in: the address may be of that one', async () => {
    const profile = aProfile({ email: 'stays@example.test' });
    const { id } = await identities.userOf(profile);
    await core.get(IdentityRepository).add(id, 'local', id);
    const later = { ...profile, email: 'gone@example.test', emailVerified: true };
    expect(await identities.userOf(later)).toMatchObject({ id, email: 'stays@example.test' });
  });

  it('moves once when two want one address', async () => {
    const profiles = [aProfile(), aProfile()];
    for (const profile of profiles) await identities.userOf(profile);
    const wanted = { email: 'wanted@example.test', emailVerified: true };
    const moved = await Promise.all(profiles.map((profile) => identities.userOf({ ...profile, ...wanted })));
    expect(moved.filter(({ email }) => email === wanted.email)).toHaveLength(1);
  });

  it('is told apart from an account that is shut out, by the person who asks', async () => {
    const profile = aProfile();
    const { id } = await identities.userOf(profile);
    await core.get(UsersService).deactivate(systemActor('test'), id);
    expect(await identities.userOf(profile)).toMatchObject({ id, isActive: false });
  });

  it('shows in the list of its person, and in nobody else’s', async () => {
    const user = await identities.userOf(aProfile({ provider: 'supabase' }));
    const { user: other } = await aSignIn(core.get(LocalAccountsService));
    expect(await identities.listOf(actorOf(user))).toEqual([
      { provider: 'supabase', createdAt: expect.any(Date) as Date },
    ]);
    expect((await identities.listOf(actorOf(other))).map(({ provider }) => provider)).toEqual(['local']);
    expect(await identities.listOf(systemActor('test'))).toEqual([]);
  });

  it('cannot sit on the place of another one', async () => {
    const squatted = aProfile({ subject: 'squatted' });
    await core.get(UserDirectory).register({ email: 'squatted@placeholder.local' });
    expect((await identities.userOf(squatted)).email).toMatch(/^[0-9a-f]{32}@placeholder\.local$/);
  });
});

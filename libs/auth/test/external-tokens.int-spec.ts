import { type TestingModule } from '@nestjs/testing';
import { AuthModule, LocalAccountsService } from '@omni/auth';
import { UserDirectory, UsersService } from '@omni/users';
import { Database, type StatementReport, statement } from '@platform/database';
import { type Actor, Clock, systemActor } from '@platform/kernel';
import { Authenticator, Permissions } from '@platform/security';
import { aSignIn } from '@testing/auth';
import { describeEachDatabase } from '../../../test/support/databases';
import { domainCore } from '../../../test/support/domain-core';
import { FakeProviders, LEGACY_SECRET, PARTY, type ProviderUnderTest } from '../../../test/support/fakes/providers';
import { type Claims } from '../../../test/support/tokens';
import { LoginStatistics } from '../src/issuers/login-statistics';

const USERS = statement(
  'test.users-of-subject',
  `SELECT u.id, u.email, u.full_name, u.avatar_url, u.role, u.login_count, u.email_verified_at
   FROM users u JOIN user_identities i ON i.user_id = u.id WHERE i.provider = :provider AND i.subject = :subject`,
);
const WELCOMES = statement('test.welcomes', `SELECT id FROM jobs WHERE name = 'users.send_welcome_mail' AND key = :id`);
const LOGINS = statement('test.logins', 'SELECT login_count, last_login_at FROM users WHERE id = :id');

interface UserRow {
  id: string;
  email: string;
  full_name: string | null;
  avatar_url: string | null;
  role: string;
  login_count: number;
  email_verified_at: unknown;
}

/** Every place where the predecessor looked for a role, and some more. */
const CLAIMED_POWER: Claims = {
  role: 'superadmin',
  user_role: 'superadmin',
  roles: ['superadmin', 'admin'],
  permissions: ['*', 'users.list'],
  scope: 'admin users.list *',
  is_active: true,
  is_super_admin: true,
  app_metadata: { role: 'superadmin', roles: ['superadmin'], permissions: ['*'] },
  public_metadata: { role: 'superadmin' },
  user_metadata: { role: 'superadmin', is_admin: true },
  unsafe_metadata: { role: 'superadmin' },
  org_role: 'org:admin',
  org_permissions: ['org:sys_memberships:manage'],
  tenantId: '0198f1c2-6f3a-7000-8000-000000000001',
  impersonatorId: '0198f1c2-6f3a-7000-8000-000000000001',
};

describeEachDatabase('tokens of other issuers', (test) => {
  let providers: FakeProviders;
  let core: TestingModule;
  /** Another process on the same database, which no invalidation reaches. */
  let neighbour: TestingModule;
  let offsetMs = 0;

  beforeAll(async () => {
    providers = await FakeProviders.start();
    const settings = { ...providers.env, ADMIN_REQUIRE_MFA: 'true' };
    core = await domainCore(test, [AuthModule], settings);
    neighbour = await domainCore(test, [AuthModule], settings);
    for (const each of [core, neighbour]) {
      jest.spyOn(each.get(Clock), 'now').mockImplementation(() => new Date(Date.now() + offsetMs));
    }
  });
  afterAll(() => providers.stop());
  beforeEach(() => {
    offsetMs = 0;
  });

  const authenticate = (token: string, from = core): Promise<Actor | null> =>
    from.get(Authenticator).authenticate({ headers: { authorization: `Bearer ${token}` } });
  const mustBe = async (token: string, from = core): Promise<Actor> => {
    const actor = await authenticate(token, from);
    if (!actor) throw new Error('nobody');
    return actor;
  };
  const status = (work: Promise<unknown>): Promise<number> =>
    work.then(
      () => 200,
      (error: { status: number }) => error.status,
    );
  const usersOf = ({ name }: ProviderUnderTest, { sub }: Claims) =>
    core.get(Database).query<UserRow>(USERS, { provider: name, subject: sub });
  const each: ['supabase' | 'clerk' | 'custom'][] = [['supabase'], ['clerk'], ['custom']];

  describe.each(each)('of %s', (name) => {
    it('make an account on the first request, and find it on the next', async () => {
      const provider = providers[name];
      const claims = provider.claims();
      const actor = await mustBe(provider.sign(claims));
      expect(actor).toMatchObject({ kind: 'user', role: 'user', expiresAt: new Date(Number(claims.exp) * 1000) });
      expect(actor).not.toHaveProperty('sessionId');
      expect(await usersOf(provider, claims)).toMatchObject([{ id: actor.id, role: 'user' }]);
      const later = await mustBe(provider.sign({ ...claims, exp: Number(claims.exp) + 1 }));
      expect(later.id).toBe(actor.id);
      expect(later.expiresAt).toEqual(new Date((Number(claims.exp) + 1) * 1000));
    });

    it('make one account and one welcome of fifty first requests at once, in two processes', async () => {
      const provider = providers[name];
      const claims = provider.claims();
      const token = provider.sign(claims);
      const actors = await Promise.all(
        Array.from({ length: 50 }, (_, index) => mustBe(token, index % 2 === 0 ? core : neighbour)),
      );
      const users = await usersOf(provider, claims);
      expect(users).toHaveLength(1);
      expect(new Set(actors.map(({ id }) => id))).toEqual(new Set([users[0]?.id]));
      expect(await core.get(Database).query(WELCOMES, { id: users[0]?.id })).toHaveLength(1);
    });

    it('cost no query, no fetch and no signature once the actor is warm', async () => {
      const provider = providers[name];
      const token = provider.sign(provider.claims());
      await mustBe(token);
      const statements: StatementReport[] = [];
      core.get(Database).observe((report) => statements.push(report));
      const { fetches } = provider.issuer;
      for (let request = 0; request < 20; request++) await mustBe(token);
      expect(statements).toEqual([]);
      expect(provider.issuer.fetches).toBe(fetches);
    });

    it.each(Object.keys(CLAIMED_POWER))('give no permission for the claim %s', async (claim) => {
      const provider = providers[name];
      const actor = await mustBe(provider.sign({ ...provider.claims(), [claim]: CLAIMED_POWER[claim] }));
      expect(actor).toMatchObject({ kind: 'user', role: 'user' });
      expect(actor.permissions).toEqual(core.get(Permissions).ofRole('user'));
      for (const taken of ['withheld', 'tenantId', 'tenantRole', 'impersonatorId', 'apiKeyId']) {
        expect(actor).not.toHaveProperty(taken);
      }
    });

    it('answer 403 at once where a person is shut out, and within five seconds elsewhere', async () => {
      const provider = providers[name];
      const token = provider.sign({ ...provider.claims(), exp: Math.floor(Date.now() / 1000) + 600 });
      const { id } = await mustBe(token);
      await mustBe(token, neighbour);
      await core.get(UsersService).deactivate(systemActor('test'), id);
      expect(await status(authenticate(token))).toBe(403);
      offsetMs = 5_000;
      expect(await status(authenticate(token, neighbour))).toBe(403);
      await core.get(UsersService).activate(systemActor('test'), id);
      expect(await status(authenticate(token))).toBe(200);
    });

    it('see a new role with the next request, held back until a second factor is shown', async () => {
      const provider = providers[name];
      const claims = provider.claims();
      const { id } = await mustBe(provider.sign(claims));
      await core.get(UsersService).patch(systemActor('test'), id, { role: 'admin' });
      const limited = await mustBe(provider.sign(claims));
      expect(limited).toMatchObject({ role: 'admin', secondFactor: false });
      expect(limited.permissions.has('users.list')).toBe(false);
      expect(limited.withheld?.has('users.list')).toBe(true);
      const proved = { supabase: { aal: 'aal2' }, clerk: { fva: [3, 1] }, custom: { amr: ['pwd', 'mfa'] } }[name];
      const full = await mustBe(provider.sign({ ...claims, ...proved }));
      expect(full.permissions.has('users.list')).toBe(true);
    });

    it('end with their own expiry, remembered or not', async () => {
      const provider = providers[name];
      const token = provider.sign(provider.claims());
      await mustBe(token);
      offsetMs = 24 * 3_600_000;
      expect(await status(authenticate(token))).toBe(401);
    });
  });

  it('tell who the person is, as far as it is well-formed', async () => {
    const { custom, supabase } = providers;
    const known = {
      ...custom.claims(),
      email: ' Ann.Lee@Example.com ',
      email_verified: true,
      name: '  Ann Lee ',
      picture: 'https://cdn.example.com/ann.png',
    };
    await mustBe(custom.sign(known));
    const [ann] = await usersOf(custom, known);
    expect(ann).toMatchObject({
      email: 'ann.lee@example.com',
      full_name: 'Ann Lee',
      avatar_url: 'https://cdn.example.com/ann.png',
    });
    expect(ann?.email_verified_at).not.toBeNull();
    const odd: Claims = {
      ...supabase.claims(),
      email: 'no address',
      email_verified: true,
      user_metadata: { picture: 'x:y' },
    };
    await mustBe(supabase.sign(odd));
    expect(await usersOf(supabase, odd)).toMatchObject([
      { email: `${String(odd.sub)}@placeholder.local`, full_name: null, avatar_url: null, email_verified_at: null },
    ]);
  });

  it('never take over the account of an address', async () => {
    const { user } = await aSignIn(core.get(LocalAccountsService));
    const { supabase } = providers;
    for (const claims of [
      { email: user.email, email_verified: true },
      { email: '', user_metadata: { email: user.email } },
    ]) {
      const claimed = { ...supabase.claims(), ...claims };
      expect(await status(authenticate(supabase.sign(claimed)))).toBe(403);
      expect(await usersOf(supabase, claimed)).toEqual([]);
    }
  });

  it('say when and how the person proved who they are; never that a silent refresh was one', async () => {
    const { clerk, custom, supabase } = providers;
    const at = Math.floor(Date.now() / 1000);
    const proofOf = async (provider: ProviderUnderTest, claims: Claims) => {
      const { authenticatedAt, secondFactor } = await mustBe(provider.sign({ ...provider.claims(), ...claims }));
      return [authenticatedAt && Math.round((authenticatedAt.getTime() - at * 1000) / 1000), secondFactor];
    };
    const amr = (...entries: [string, number][]) => entries.map(([method, ago]) => ({ method, timestamp: at - ago }));
    expect(await proofOf(supabase, { iat: at, amr: amr(['password', 500], ['totp', 60]), aal: 'aal2' })).toEqual([
      -60,
      true,
    ]);
    expect(await proofOf(supabase, { iat: at, amr: amr(['token_refresh', 1], ['otp', 700]) })).toEqual([-700, false]);
    expect(await proofOf(supabase, { iat: at, amr: amr(['otp', -9_000]) })).toEqual([0, false]);
    expect(await proofOf(supabase, { iat: at, amr: undefined })).toEqual([undefined, false]);
    expect(await proofOf(clerk, { iat: at, fva: [12, -1] })).toEqual([-720, false]);
    expect(await proofOf(clerk, { iat: at, fva: [12, 2] })).toEqual([-120, true]);
    expect(await proofOf(clerk, { iat: at, fva: 'x' })).toEqual([undefined, false]);
    expect(await proofOf(custom, { iat: at, auth_time: at - 300, acr: 'urn:example:mfa' })).toEqual([-300, true]);
    expect(await proofOf(custom, { iat: at, auth_time: 'now', acr: 'urn:example:no-mfa' })).toEqual([undefined, false]);
  });

  it('count a sign-in once in two processes, in the background, and again after a quarter of an hour', async () => {
    const { supabase } = providers;
    const claims = supabase.claims();
    const token = supabase.sign(claims);
    const { id } = await mustBe(token);
    const counts = async () =>
      (await core.get(Database).query<{ login_count: number }>(LOGINS, { id }))[0]?.login_count;
    const flush = () => Promise.all([core, neighbour].map((process) => process.get(LoginStatistics).flush()));
    await mustBe(token, neighbour);
    expect(await counts()).toBe(0);
    await flush();
    expect(await counts()).toBe(1);
    offsetMs = 10 * 60_000;
    await mustBe(token);
    await flush();
    expect(await counts()).toBe(1);
    offsetMs = 16 * 60_000;
    await mustBe(token);
    await mustBe(token, neighbour);
    await flush();
    expect(await counts()).toBe(2);
  });

  it('count a sign-in when the process ends', async () => {
    const { clerk } = providers;
    const short = await domainCore(test, [AuthModule], providers.env);
    const { id } = await mustBe(clerk.sign(clerk.claims()), short);
    await short.close();
    expect((await core.get(UserDirectory).byId(id))?.loginCount).toBe(1);
  });

  it('are 503, not 401, while the issuer never answered', async () => {
    const { custom } = providers;
    custom.issuer.mood = 'failing';
    const fresh = await domainCore(test, [AuthModule], providers.env);
    const refused = await authenticate(custom.sign(custom.claims()), fresh).catch((error: unknown) => error);
    custom.issuer.mood = 'up';
    expect(refused).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE' });
  });

  it('are nobody where their provider is not active, as our own are where local is not', async () => {
    const only = await domainCore(test, [AuthModule], { ...providers.env, AUTH_PROVIDER: 'clerk' });
    const { clerk, supabase } = providers;
    expect(await status(authenticate(clerk.sign(clerk.claims()), only))).toBe(200);
    expect(await status(authenticate(supabase.sign(supabase.claims()), only))).toBe(401);
    const { accessToken } = await aSignIn(core.get(LocalAccountsService));
    expect(await status(authenticate(accessToken, only))).toBe(401);
    expect(await status(aSignIn(only.get(LocalAccountsService)))).toBe(403);
  });

  it('of Supabase are taken by its legacy secret or its keys, never by both', async () => {
    const legacy = await domainCore(test, [AuthModule], { ...providers.env, SUPABASE_JWT_SECRET: LEGACY_SECRET });
    const byKey = providers.supabase.sign(providers.supabase.claims());
    const bySecret = providers.legacy.sign(providers.legacy.claims());
    const { fetches } = providers.supabase.issuer;
    expect(await status(authenticate(bySecret, legacy))).toBe(200);
    expect(await status(authenticate(byKey, legacy))).toBe(401);
    expect(await status(authenticate(bySecret))).toBe(401);
    expect(await status(authenticate(byKey))).toBe(200);
    expect(providers.supabase.issuer.fetches).toBe(fetches);
  });

  it('are made for a party that is named, and no other that begins like it', async () => {
    const { clerk } = providers;
    for (const azp of [undefined, '', 'https://evil.example', `${PARTY}.evil.example`, [PARTY]]) {
      expect(await status(authenticate(clerk.sign({ ...clerk.claims(), azp })))).toBe(401);
    }
  });
});

import { io } from 'socket.io-client';
import { eventually } from '../../support/app-process';
import { badAudiences, badSessions, type BadToken, badTokensByKeys, badTokensOf } from '../../support/bad-tokens';
import { FakeProviders, LEGACY_SECRET, type ProviderUnderTest } from '../../support/fakes/providers';
import { describeEachMode, type Stack } from '../../support/modes';
import { newEmail, withRole } from '../../support/people';
import { type Claims, handMade, hmacBy } from '../../support/tokens';
import { type ErrorWire, type UserWire } from '../../support/wire';

const ME = '/api/v1/app/users/me';
const NAMES = ['supabase', 'clerk', 'custom'] as const;
const EVERY_CLAIM_OF_A_ROLE: Claims = {
  role: 'superadmin',
  user_role: 'superadmin',
  app_metadata: { role: 'superadmin' },
  public_metadata: { role: 'superadmin' },
  user_metadata: { role: 'superadmin' },
};

const now = (): number => Math.floor(Date.now() / 1000);

// Filled before the first stack starts: the servers choose their own ports.
const env: Record<string, string> = {};
const legacyEnv: Record<string, string> = { SUPABASE_JWT_SECRET: LEGACY_SECRET };
let providers: FakeProviders;

beforeAll(async () => {
  providers = await FakeProviders.start();
  Object.assign(env, providers.env);
  Object.assign(legacyEnv, providers.env);
});
afterAll(() => providers.stop());

const tokenOf = (provider: ProviderUnderTest, claims: Claims = {}): string =>
  provider.sign({ ...provider.claims(), ...claims }, provider.header());

/** One good token, everything around its expiry, and the bad ones. */
function battery(stack: () => Stack, provider: () => ProviderUnderTest, bad: BadToken[]): void {
  it('is taken when it is what the provider signs: the battery below fails for its own reason', async () => {
    const answer = await stack().client.as(tokenOf(provider())).get<UserWire>(ME);
    expect([answer.status, answer.body.role]).toEqual([200, 'user']);
  });

  it('is taken within 30 s of leeway and no longer', async () => {
    const statusOf = async (exp: number) =>
      (
        await stack()
          .client.as(tokenOf(provider(), { iat: now() - 300, exp }))
          .get(ME)
      ).status;
    expect(await statusOf(now() - 20)).toBe(200);
    expect(await statusOf(now() - 40)).toBe(401);
  });

  it.each(bad)('with %s is refused with 401 and a challenge', async (_what, make) => {
    const answer = await stack().client.as(make()).get<ErrorWire>(ME);
    expect([answer.status, answer.body.error.code]).toEqual([401, 'AUTHENTICATION_ERROR']);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(answer.body.error.message).toMatch(/^(Invalid token|Token has expired|Token missing 'sub' claim)$/);
  });

  it('gives no role, whatever it claims', async () => {
    const client = stack().client.as(tokenOf(provider(), EVERY_CLAIM_OF_A_ROLE));
    expect((await client.get<UserWire>(ME)).body.role).toBe('user');
    expect((await client.get('/api/v1/admin/users')).status).toBe(403);
  });
}

describeEachMode.private(
  'people of other issuers',
  (stack) => {
    it.each(NAMES)('of %s are one user with one welcome after fifty first requests at once', async (name) => {
      const email = newEmail(name);
      const token = tokenOf(providers[name], { email });
      const answers = await Promise.all(Array.from({ length: 50 }, () => stack().client.as(token).get<UserWire>(ME)));
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
      expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
      expect(await stack().sql('SELECT id FROM users WHERE email = ?', email)).toHaveLength(1);
      const mails = async () => {
        const found = await stack().client.get<{ total: number }>('/dev/mailbox/messages', { query: { to: email } });
        return found.body.total;
      };
      await eventually('the welcome is there', async () => (await mails()) > 0);
      expect(await mails()).toBe(1);
    });

    it('are counted as signed in without a write of their request', async () => {
      const email = newEmail('counted');
      const client = stack().client.as(tokenOf(providers.custom, { email }));
      for (let request = 0; request < 5; request += 1) await client.get(ME);
      const counts = async () => {
        const [row] = await stack().sql<{ login_count: number }>(
          'SELECT login_count FROM users WHERE email = ?',
          email,
        );
        return Number(row?.login_count);
      };
      expect(await counts()).toBe(0);
      await eventually('the count is there', async () => (await counts()) > 0, 10_000);
      expect(await counts()).toBe(1);
    });

    it('are shut out with their sockets when the account is', async () => {
      const admin = await withRole(stack(), 'admin');
      const token = tokenOf(providers.custom);
      const { body } = await stack().client.as(token).get<UserWire>(ME);
      const socket = io(`${stack().base}/app`, { auth: { token }, transports: ['websocket'], reconnection: false });
      try {
        await eventually('the socket is open', async () => socket.connected);
        const path = `/api/v1/admin/users/${body.id}`;
        expect((await admin.client.patch(path, { is_active: false })).status).toBe(200);
        await eventually('the socket is closed', async () => !socket.connected, 6_000);
        expect((await stack().client.as(token).get(ME)).status).toBe(403);
      } finally {
        socket.disconnect();
      }
    });

    it('cannot come in by an address that has an account', async () => {
      const { user } = await withRole(stack(), 'admin');
      const claims = { email: user.email, email_verified: true };
      const answer = await stack().client.as(tokenOf(providers.supabase, claims)).get<ErrorWire>(ME);
      expect([answer.status, answer.body.error.code]).toEqual([403, 'AUTHORIZATION_ERROR']);
    });
  },
  { env },
);

describeEachMode.private(
  'a token of another issuer',
  (stack) => {
    describe.each(NAMES)('%s', (name) => {
      const provider = () => providers[name];
      const others = () => providers.published.filter((other) => other.name !== name);
      battery(stack, provider, [
        ...badTokensOf(provider, others),
        ...badTokensByKeys(provider, others),
        ...(name === 'clerk' ? badSessions(provider) : badAudiences(provider)),
      ]);
    });
  },
  { env, modes: ['embedded'] },
);

describeEachMode.private(
  'a token under the legacy secret of Supabase',
  (stack) => {
    const provider = () => providers.legacy;
    const others = () => [providers.clerk, providers.custom];
    battery(stack, provider, [
      ...badTokensOf(provider, others),
      ...badAudiences(provider),
      ['a published key of the project', () => tokenOf(providers.supabase)],
      [
        'the secret under another algorithm',
        () => handMade({ alg: 'HS512', typ: 'JWT' }, provider().claims(), hmacBy(LEGACY_SECRET, 'sha512')),
      ],
    ]);
  },
  { env: legacyEnv, modes: ['embedded'] },
);

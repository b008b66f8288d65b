import { eventually, pause } from '../../support/app-process';
import { describeEachMode } from '../../support/modes';
import { newEmail, PASSWORD, signIn, signUp } from '../../support/people';
import { type ErrorWire, type SessionWire, type UserWire } from '../../support/wire';

const AUTH = '/api/v1/public/auth';
const ME = '/api/v1/app/users/me';
const LOGOUT = '/api/v1/app/auth/logout';

describeEachMode('signing in', (stack) => {
  const refresh = (refresh_token: string) => stack().client.post<SessionWire>(`${AUTH}/refresh`, { refresh_token });

  describe('registering', () => {
    it('answers 201 with both tokens and the user, and the access token works at once', async () => {
      const email = newEmail('new');
      const answer = await stack().client.post<SessionWire>(`${AUTH}/register`, {
        email,
        password: PASSWORD,
        full_name: 'New Person',
      });
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ token_type: 'bearer', expires_in: 900 });
      expect(answer.body.user).toMatchObject({ email, full_name: 'New Person', role: 'user', is_active: true });
      expect((await stack().client.as(answer.body.access_token).get<UserWire>(ME)).body).toEqual(answer.body.user);
      expect(answer.headers.get('cache-control')).toContain('no-store');
    });

    it('stores a hash of argon2id and of the refresh token, neither in the clear', async () => {
      const { user, session } = await signUp(stack());
      const tables = await stack().sql<{ name: string }>(
        stack().mode === 'embedded'
          ? "SELECT name FROM sqlite_master WHERE type = 'table'"
          : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
      );
      let everything = '';
      for (const { name } of tables) everything += JSON.stringify(await stack().sql(`SELECT * FROM "${name}"`));
      expect(everything).toContain(user.email);
      expect(everything).toMatch(/\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
      for (const secret of [PASSWORD, session.refresh_token, session.access_token]) {
        expect(everything).not.toContain(secret);
      }
    });

    it('refuses an address that is taken, in any case of letters, with 409', async () => {
      const { user } = await signUp(stack());
      for (const email of [user.email, user.email.toUpperCase()]) {
        const answer = await stack().client.post<ErrorWire>(`${AUTH}/register`, { email, password: PASSWORD });
        expect([answer.status, answer.body.error.code]).toEqual([409, 'CONFLICT']);
      }
    });

    it('lets one of ten parallel registrations of one address through', async () => {
      const email = newEmail('race');
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => stack().client.post(`${AUTH}/register`, { email, password: PASSWORD })),
      );
      const statuses = answers.map((answer) => answer.status).sort();
      expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
      expect(await stack().sql('SELECT id FROM users WHERE email = ?', email)).toHaveLength(1);
    });

    it.each([
      ['no e-mail', { password: PASSWORD }],
      ['an e-mail that is none', { email: 'not-an-address', password: PASSWORD }],
      ['an e-mail without a domain ending', { email: 'a@b', password: PASSWORD }],
      ['an e-mail of 300 characters', { email: `${'a'.repeat(290)}@example.com`, password: PASSWORD }],
      ['a password of 9 characters', { email: newEmail(), password: '123456789' }],
      ['a password of 129 characters', { email: newEmail(), password: 'p'.repeat(129) }],
      ['a password that is a list', { email: newEmail(), password: ['a', 'b'] }],
      ['a role', { email: newEmail(), password: PASSWORD, role: 'superadmin' }],
      ['a name of 256 characters', { email: newEmail(), password: PASSWORD, full_name: 'x'.repeat(256) }],
    ])('refuses %s with 422', async (_what, body) => {
      const answer = await stack().client.post<ErrorWire>(`${AUTH}/register`, body);
      expect([answer.status, answer.body.error.code]).toEqual([422, 'VALIDATION_ERROR']);
    });

    it('takes passwords of 10 and of 128 characters, in any script', async () => {
      for (const password of ['kq7-xm2-vd', 'п'.repeat(128), '🔐'.repeat(10)]) {
        const email = newEmail();
        expect((await stack().client.post(`${AUTH}/register`, { email, password })).status).toBe(201);
        await signIn(stack(), email, password);
      }
    });
  });

  describe('logging in', () => {
    it('answers 200 with a session, whatever the case of the address', async () => {
      const { user } = await signUp(stack());
      const session = await signIn(stack(), user.email.toUpperCase());
      expect(session.user.id).toBe(user.id);
      expect((await session.client.get<UserWire>(ME)).body.id).toBe(user.id);
    });

    it('answers a wrong password and an unknown address alike, with 401', async () => {
      const { user } = await signUp(stack());
      const attempt = (email: string) =>
        stack().client.post<ErrorWire>(`${AUTH}/login`, { email, password: 'wrong password here' });
      const [wrong, unknown] = [await attempt(user.email), await attempt(newEmail('nobody'))];
      expect([wrong.status, unknown.status]).toEqual([401, 401]);
      expect({ ...wrong.body.error, request_id: '' }).toEqual({ ...unknown.body.error, request_id: '' });
      expect(wrong.headers.get('www-authenticate')).toMatch(/^Bearer/);
    });

    it('refuses a body without password with 422 and never says the password back', async () => {
      const answer = await stack().client.post<ErrorWire>(`${AUTH}/login`, {
        email: newEmail(),
        pass: 'hunter2hunter2',
      });
      expect(answer.status).toBe(422);
      expect(answer.text).not.toContain('hunter2');
    });
  });

  describe('refreshing', () => {
    it('gives a new pair of tokens, and the new ones work', async () => {
      const { session, user } = await signUp(stack());
      const answer = await refresh(session.refresh_token);
      expect(answer.status).toBe(200);
      expect(answer.body.refresh_token).not.toBe(session.refresh_token);
      expect(answer.body.user.id).toBe(user.id);
      expect((await stack().client.as(answer.body.access_token).get(ME)).status).toBe(200);
      expect((await refresh(answer.body.refresh_token)).status).toBe(200);
    });

    it('bears parallel clients: within the grace window the same token refreshes again', async () => {
      const { session } = await signUp(stack());
      const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(session.refresh_token)));
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    });

    it.each(['', 'nonsense', 'a'.repeat(2000)])('refuses %j with 401 or 422', async (token) => {
      expect([401, 422]).toContain((await refresh(token)).status);
    });

    it('does not take an access token for a refresh token, nor the reverse', async () => {
      const { session } = await signUp(stack());
      expect([401, 422]).toContain((await refresh(session.access_token)).status);
      expect((await stack().client.as(session.refresh_token).get(ME)).status).toBe(401);
    });
  });

  describe('logging out', () => {
    it('answers 204 and ends the session: its refresh token is refused', async () => {
      const { session, client } = await signUp(stack());
      const answer = await client.post(LOGOUT);
      expect([answer.status, answer.text]).toEqual([204, '']);
      expect((await refresh(session.refresh_token)).status).toBe(401);
    });

    it('leaves the other sessions of the same person alone', async () => {
      const first = await signUp(stack());
      const second = await signIn(stack(), first.user.email);
      await first.client.post(LOGOUT);
      expect((await refresh(second.session.refresh_token)).status).toBe(200);
    });

    it('ends the access token, too', async () => {
      const { client } = await signUp(stack());
      expect((await client.get(ME)).status).toBe(200);
      await client.post(LOGOUT);
      await eventually('the token is refused', async () => (await client.get(ME)).status === 401, 5_000);
    });

    it('needs a token', async () => {
      expect((await stack().client.post(LOGOUT)).status).toBe(401);
    });
  });

  it('speaks v2 in the envelope', async () => {
    const answer = await stack().client.post<{ data: SessionWire; meta: { version: string } }>(
      '/api/v2/public/auth/register',
      { email: newEmail('v2'), password: PASSWORD },
    );
    expect(answer.status).toBe(201);
    expect(answer.body.meta.version).toBe('v2');
    const me = await stack().client.as(answer.body.data.access_token).get<{ data: UserWire }>('/api/v2/app/users/me');
    expect(me.body.data.id).toBe(answer.body.data.user.id);
  });
});

describeEachMode.private(
  'a refresh token that was used before',
  (stack) => {
    it('ends the whole sign-in once its grace window is over, newer tokens included, and leaves an audit row', async () => {
      const { session, user } = await signUp(stack());
      const use = (refresh_token: string) => stack().client.post<SessionWire>(`${AUTH}/refresh`, { refresh_token });
      const second = await use(session.refresh_token);
      expect(second.status).toBe(200);
      await pause(1_200);

      expect((await use(session.refresh_token)).status).toBe(401);
      expect((await use(second.body.refresh_token)).status).toBe(401);
      const newest = stack().client.as(second.body.access_token);
      await eventually('the access token of the family is refused', async () => (await newest.get(ME)).status === 401);
      const rows = await stack().sql<{ details: unknown }>(
        'SELECT details FROM audit_logs WHERE action = ?',
        'session.revoked',
      );
      expect(JSON.stringify(rows)).toContain(user.id);
    });

    it('leaves other sign-ins of the same person alone', async () => {
      const first = await signUp(stack());
      const second = await signIn(stack(), first.user.email);
      const use = (refresh_token: string) => stack().client.post<SessionWire>(`${AUTH}/refresh`, { refresh_token });
      await use(first.session.refresh_token);
      await pause(1_200);
      expect((await use(first.session.refresh_token)).status).toBe(401);
      expect((await use(second.session.refresh_token)).status).toBe(200);
    });
  },
  { env: { AUTH_REFRESH_GRACE_SECONDS: '1' }, modes: ['embedded', 'scale-out'] },
);

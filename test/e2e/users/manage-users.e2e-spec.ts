import { eventually } from '../../support/app-process';
import { describeEachMode } from '../../support/modes';
import { newEmail, type Person, signIn, signUp, withRole } from '../../support/people';
import { type AdminUserWire, type ErrorWire, type PageWire, type UserWire } from '../../support/wire';

const ME = '/api/v1/app/users/me';
const USERS = '/api/v1/admin/users';
const UNKNOWN = '0198f1c2-6f3a-7000-8000-00000000dead';

describeEachMode.private('users', (stack) => {
  describe('the own profile', () => {
    it('is refused without a token', async () => {
      const answer = await stack().client.get<ErrorWire>(ME);
      expect([answer.status, answer.body.error.code]).toEqual([401, 'AUTHENTICATION_ERROR']);
    });

    it('tells id, e-mail, name and role, and no more than the spec', async () => {
      const email = newEmail('ada');
      const { client, user } = await signUp(stack(), { email, full_name: 'Ada Lovelace' });
      const { body } = await client.get<UserWire>(ME);
      expect(body).toMatchObject({ id: user.id, email, full_name: 'Ada Lovelace', role: 'user', is_active: true });
      expect(Object.keys(body).sort()).toEqual(
        [
          ...['avatar_url', 'created_at', 'email', 'full_name', 'id', 'is_active', 'role'],
          ...['subscription_plan', 'subscription_status'],
        ].sort(),
      );
    });

    it('changes name and picture, keeps what is left out, clears by null', async () => {
      const { client } = await signUp(stack(), { full_name: 'Old Name' });
      const avatar_url = 'https://example.com/a.png';
      const changed = await client.patch<UserWire>(ME, { full_name: 'New Name', avatar_url });
      expect(changed.body).toMatchObject({ full_name: 'New Name', avatar_url });
      expect((await client.patch<UserWire>(ME, {})).body).toMatchObject({ full_name: 'New Name', avatar_url });
      expect((await client.patch<UserWire>(ME, { avatar_url: null })).body).toMatchObject({
        full_name: 'New Name',
        avatar_url: null,
      });
      expect((await client.get<UserWire>(ME)).body).toMatchObject({ full_name: 'New Name', avatar_url: null });
    });

    it.each([
      ['a name of 256 characters', { full_name: 'x'.repeat(256) }],
      ['a picture that is a script', { avatar_url: 'javascript:alert(1)' }],
      ['a picture over ftp', { avatar_url: 'ftp://example.com/a.png' }],
      ['a picture address of more than 2048 characters', { avatar_url: `https://example.com/${'a'.repeat(2048)}` }],
      ['a role', { role: 'superadmin' }],
      ['an activation', { is_active: true }],
      ['another e-mail', { email: 'other@example.com' }],
      ['a name that is an object', { full_name: { $ne: null } }],
    ])('refuses %s with 422 and changes nothing', async (_what, body) => {
      const { client, user } = await signUp(stack());
      const answer = await client.patch<ErrorWire>(ME, body);
      expect([answer.status, answer.body.error.code]).toEqual([422, 'VALIDATION_ERROR']);
      expect((await client.get<UserWire>(ME)).body).toEqual(user);
    });

    it('answers on v2 in the envelope, with what v2 adds', async () => {
      const { client, user } = await signUp(stack());
      const answer = await client.get<{ data: Record<string, unknown>; meta: Record<string, unknown> }>(
        '/api/v2/app/users/me',
      );
      expect(answer.body.data).toMatchObject({ id: user.id, is_premium: false, days_since_joined: 0 });
      expect(answer.body.meta).toMatchObject({ version: 'v2', request_id: answer.headers.get('x-request-id') });
      expect(Date.parse(String(answer.body.meta.timestamp))).toBeGreaterThan(Date.now() - 60_000);
      const patched = await client.patch<{ data: UserWire }>('/api/v2/app/users/me', { full_name: 'Second' });
      expect(patched.body.data.full_name).toBe('Second');
    });
  });

  describe('administration of users', () => {
    let admin: Person;
    let superadmin: Person;
    let user: Person;

    beforeAll(async () => {
      admin = await withRole(stack(), 'admin');
      superadmin = await withRole(stack(), 'superadmin');
      user = await signUp(stack(), { full_name: 'Plain Person' });
    });

    it.each([
      ['GET', USERS],
      ['GET', `${USERS}/${UNKNOWN}`],
      ['PATCH', `${USERS}/${UNKNOWN}`],
      ['POST', `${USERS}/${UNKNOWN}/activate`],
      ['POST', `${USERS}/${UNKNOWN}/deactivate`],
    ] as const)('%s %s is 401 without a token and 403 for a user', async (method, path) => {
      const body = method === 'PATCH' ? {} : undefined;
      expect((await stack().client.send(method, path, { body })).status).toBe(401);
      const refused = await user.client.send<ErrorWire>(method, path, { body });
      expect([refused.status, refused.body.error.code]).toEqual([403, 'AUTHORIZATION_ERROR']);
    });

    it('lists users newest first, for admin and superadmin', async () => {
      for (const someone of [admin, superadmin]) {
        const { body } = await someone.client.get<PageWire<AdminUserWire>>(USERS, { query: { limit: 100 } });
        expect(body.total).toBe(body.items.length);
        const times = body.items.map((item) => item.created_at);
        expect(times).toEqual([...times].sort().reverse());
        expect(body.items.map((item) => item.id)).toContain(user.user.id);
        expect(JSON.stringify(body)).not.toMatch(/password|argon2|hash/i);
      }
    });

    it('finds users by e-mail, name, role and activity', async () => {
      const total = async (query: Record<string, string>): Promise<number> =>
        (await admin.client.get<PageWire<AdminUserWire>>(USERS, { query })).body.total;
      expect(await total({ search: user.user.email.toUpperCase() })).toBe(1);
      expect(await total({ search: 'plain PERS' })).toBe(1);
      expect(await total({ search: '%' })).toBe(0);
      expect(await total({ role: 'superadmin' })).toBeGreaterThanOrEqual(1);
      expect(await total({ is_active: 'false', search: user.user.email })).toBe(0);
      expect((await admin.client.get(USERS, { query: { is_active: 'maybe' } })).status).toBe(422);
      expect((await admin.client.get(USERS, { query: { role: 'emperor' } })).status).toBe(422);
    });

    it('reads one user with what only administrators see', async () => {
      const { body } = await admin.client.get<AdminUserWire>(`${USERS}/${user.user.id}`);
      expect(body).toMatchObject({ id: user.user.id, login_count: expect.any(Number), updated_at: expect.any(String) });
    });

    it('answers 404 for an unknown id and 4xx in the envelope for one that is no UUID', async () => {
      const unknown = await admin.client.get<ErrorWire>(`${USERS}/${UNKNOWN}`);
      expect(unknown.body.error).toMatchObject({ code: 'NOT_FOUND', details: { resource: 'User', id: UNKNOWN } });
      expect([400, 404, 422]).toContain((await admin.client.get(`${USERS}/not-a-uuid`)).status);
    });

    it('changes a user', async () => {
      const target = await signUp(stack());
      const answer = await admin.client.patch<AdminUserWire>(`${USERS}/${target.user.id}`, { full_name: 'Renamed' });
      expect([answer.status, answer.body.full_name]).toEqual([200, 'Renamed']);
      expect((await target.client.get<UserWire>(ME)).body.full_name).toBe('Renamed');
    });

    it('deactivates and activates a user; within 5 s the token of a deactivated one is refused with 403', async () => {
      const target = await signUp(stack());
      expect((await target.client.get(ME)).status).toBe(200);
      const off = await admin.client.post<AdminUserWire>(`${USERS}/${target.user.id}/deactivate`);
      expect([off.status, off.body.is_active]).toEqual([200, false]);
      const refused = await eventually(
        'the deactivated user is refused',
        async () => {
          const answer = await target.client.get<ErrorWire>(ME);
          return answer.status === 200 ? undefined : answer;
        },
        5_000,
      );
      expect([refused.status, refused.body.error.code]).toEqual([403, 'AUTHORIZATION_ERROR']);
      expect(refused.body.error.message).toBe('User account is deactivated');

      const on = await admin.client.post<AdminUserWire>(`${USERS}/${target.user.id}/activate`);
      expect([on.status, on.body.is_active]).toEqual([200, true]);
      // Sign-ins of a deactivated account are over (ASVS 7.4.2): the person comes in with the password, not with the old token.
      const again = await signIn(stack(), target.user.email);
      expect((await again.client.get(ME)).status).toBe(200);
      await eventually('the old token is dead', async () => (await target.client.get(ME)).status === 401, 5_000);
    });

    it('lets a deactivated user neither sign in nor refresh', async () => {
      const target = await signUp(stack());
      await admin.client.post(`${USERS}/${target.user.id}/deactivate`);
      const refresh = await stack().client.post('/api/v1/public/auth/refresh', {
        refresh_token: target.session.refresh_token,
      });
      expect([401, 403]).toContain(refresh.status);
      await expect(signIn(stack(), target.user.email)).rejects.toThrow(/answered 40[13]/);
    });

    describe('role rules', () => {
      it('refuses a role that does not exist with 422', async () => {
        const answer = await superadmin.client.patch(`${USERS}/${user.user.id}`, { role: 'emperor' });
        expect(answer.status).toBe(422);
      });

      it('lets only a superadmin grant or remove a higher role', async () => {
        const target = await signUp(stack());
        const path = `${USERS}/${target.user.id}`;
        for (const role of ['admin', 'superadmin']) {
          expect((await admin.client.patch(path, { role })).status).toBe(403);
        }
        expect((await superadmin.client.patch<AdminUserWire>(path, { role: 'admin' })).body.role).toBe('admin');
        expect((await admin.client.patch(path, { role: 'user' })).status).toBe(403);
        await eventually('the new admin may list users', async () => (await target.client.get(USERS)).status === 200);
        expect((await superadmin.client.patch<AdminUserWire>(path, { role: 'user' })).body.role).toBe('user');
        await eventually('the former admin may not', async () => (await target.client.get(USERS)).status === 403);
      });

      it('lets nobody change the own role or deactivate the own account', async () => {
        const own = `${USERS}/${superadmin.user.id}`;
        const role = await superadmin.client.patch<ErrorWire>(own, { role: 'user' });
        expect([role.status, role.body.error.message]).toEqual([400, 'Cannot change your own role']);
        for (const off of [
          await superadmin.client.post<ErrorWire>(`${own}/deactivate`),
          await superadmin.client.patch<ErrorWire>(own, { is_active: false }),
        ]) {
          expect([off.status, off.body.error.message]).toEqual([400, 'Cannot deactivate your own account']);
        }
        expect((await superadmin.client.get(USERS)).status).toBe(200);
      });

      it('keeps the last active superadmin against two that turn on each other', async () => {
        for (let round = 0; round < 3; round++) {
          await stack().sql("UPDATE users SET role = 'user' WHERE role = 'superadmin'");
          const [one, other] = [await withRole(stack(), 'superadmin'), await withRole(stack(), 'superadmin')];
          // Both are known to the API by now: neither request waits for the other's commit to learn who asks.
          expect((await one.client.get(USERS)).status).toBe(200);
          expect((await other.client.get(USERS)).status).toBe(200);
          const answers = await Promise.all([
            one.client.patch(`${USERS}/${other.user.id}`, { role: 'user' }),
            other.client.patch(`${USERS}/${one.user.id}`, { role: 'user' }),
          ]);
          const left = await stack().sql('SELECT id FROM users WHERE role = ?', 'superadmin');
          expect(left).toHaveLength(1);
          expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
        }
      });
    });
  });
});

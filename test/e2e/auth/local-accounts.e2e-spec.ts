import { generateSync } from 'otplib';
import { io, type Socket } from 'socket.io-client';
import { type Answer } from '../../support/api-client';
import { withApiKey } from '../../support/api-keys';
import { eventually, pause } from '../../support/app-process';
import { mailedToken } from '../../support/mailed-token';
import { describeEachMode } from '../../support/modes';
import { newEmail, PASSWORD, type Person, signIn, signUp, withRole } from '../../support/people';
import { type ErrorWire, type PageWire, type SessionWire } from '../../support/wire';

const PUBLIC = '/api/v1/public/auth';
const APP = '/api/v1/app/auth';
const ADMIN_USERS = '/api/v1/admin/users';
const NEW_PASSWORD = 'another good password';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:135.0) Gecko/20100101 Firefox/135.0';

interface DeviceWire {
  id: string;
  device: string;
  method: string;
  current: boolean;
}

/** What a caller can tell two answers apart by, less what differs between any two. */
function seen({ headers, status, text }: Answer): string {
  const told = [...headers].filter(([name]) => !/^(date|x-request-id|retry-after|(x-)?ratelimit.*)$/.test(name));
  return JSON.stringify([status, told, text.replace(/"request_id":"[^"]+"/, '').replace(/"retry_after":\d+/, '')]);
}

const codeOf = (secret: string, stepsAhead = 0) =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + stepsAhead * 30 });

/** Set an authenticator up and put it in force. */
async function enrol({ client }: Person): Promise<{ secret: string; recoveryCodes: string[] }> {
  const begun = await client.post<{ secret: string }>(`${APP}/second-factor/totp`);
  expect(begun.status).toBe(201);
  const { secret } = begun.body;
  // Not at the end of a step: what is a code of the step before would be too old by its arrival.
  const untilNextStep = 30_000 - (Date.now() % 30_000);
  if (untilNextStep < 3_000) await pause(untilNextStep);
  // The code of the step before: the ones of now and of the next step are left for what follows.
  const confirmed = await client.post<{ recovery_codes: string[] }>(`${APP}/second-factor/totp/confirm`, {
    code: codeOf(secret, -1),
  });
  expect(confirmed.status).toBe(200);
  return { secret, recoveryCodes: confirmed.body.recovery_codes };
}

describeEachMode.private(
  'local accounts',
  (stack) => {
    const post = <T = ErrorWire>(path: string, body: unknown) => stack().client.post<T>(`${PUBLIC}/${path}`, body);
    const login = (email: string, password: string) => post('login', { email, password });

    it('verify an address by a link, once; opening the page that it leads to does not use it up', async () => {
      const { user } = await signUp(stack());
      const token = await mailedToken(stack(), user.email, 'verify_email');
      for (const path of ['/verify-email', '/reset-password', '/magic-link']) {
        const page = await stack().client.get<string>(path, { query: { token } });
        expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer']);
        expect(page.headers.get('content-security-policy')).toContain("script-src 'sha256-");
        expect(page.text).not.toContain(token);
      }
      expect((await post('verify-email', { token })).status).toBe(204);
      const [row] = await stack().sql<{ email_verified_at: unknown }>('SELECT * FROM users WHERE id = ?', user.id);
      expect(row?.email_verified_at).toBeTruthy();
      expect((await post('verify-email', { token })).status).toBe(401);
    });

    it('are signed in to however a keyboard composes the password, and take none that everybody tries', async () => {
      const [email, password] = [newEmail(), 'Crème brûlée à la carte'];
      expect((await post('register', { email, password })).status).toBe(201);
      for (const form of ['NFC', 'NFD']) expect((await login(email, password.normalize(form))).status).toBe(200);
      const common = await post('register', { email: newEmail(), password: 'Password123456' });
      expect(common.status).toBe(422);
      expect(common.body.error.details).toMatchObject({
        errors: [{ field: 'password', message: expect.stringContaining('choose another one') }],
      });
    });

    it('answer alike whoever has the address: forgot, magic link, resend, login', async () => {
      const { user } = await signUp(stack());
      for (const path of ['password/forgot', 'magic-link', 'verify-email/resend']) {
        const [known, unknown] = [await post(path, { email: user.email }), await post(path, { email: newEmail() })];
        expect([known.status, known.text]).toEqual([202, '']);
        expect(seen(known)).toBe(seen(unknown));
      }
      const nobody = newEmail('nobody');
      for (let guess = 0; guess < 6; guess++) {
        const answers = [
          await login(user.email, `guess number ${guess}`),
          await login(nobody, `guess number ${guess}`),
        ];
        expect(answers.map(seen)[0]).toBe(answers.map(seen)[1]);
        expect(answers[0]?.status).toBe(guess < 5 ? 401 : 429);
      }
      const [right, none] = [await login(user.email, PASSWORD), await login(nobody, PASSWORD)];
      expect([right.status, right.body.error.code]).toEqual([429, 'TOO_MANY_ATTEMPTS']);
      expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(right.headers.get('retry-after')).toBe(String(right.body.error.details.retry_after));
      expect(none.status).toBe(429);
    });

    it('let five of fifty parallel guesses through', async () => {
      const { user } = await signUp(stack());
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, guess) => login(user.email, guess === 49 ? PASSWORD : `guess number ${guess}`)),
      );
      const through = answers.filter(({ status }) => status !== 429);
      expect(through.length).toBe(5);
    });

    it('come in on a device that they signed in on before, whatever strangers guess, by cookie and by token', async () => {
      const { session, user } = await signUp(stack());
      const from = (address: string, body: Record<string, unknown>, headers: Record<string, string> = {}) =>
        stack().client.post<SessionWire>(
          `${PUBLIC}/login`,
          { email: user.email, password: PASSWORD, ...body },
          { headers: { 'x-forwarded-for': address, ...headers } },
        );
      const attack = Array.from({ length: 60 }, (_, guess) =>
        from(`198.51.${guess % 12}.${guess}`, { password: `guess number ${guess}` }),
      );
      const through = (await Promise.all(attack)).filter(({ status }) => status !== 429);
      expect(through.length).toBe(50);
      expect((await from('192.0.2.7', {})).status).toBe(429);

      const known = await from('192.0.2.7', { device_token: session.device_token });
      expect(known.status).toBe(200);
      const [cookie = ''] = known.headers.getSetCookie();
      expect(cookie).toMatch(/^device-[0-9a-f]{16}=[\w-]+; Max-Age=34560000; Path=\/api; .*HttpOnly; SameSite=Strict$/);
      const header = { cookie: `theme=dark; ${cookie.split(';')[0]}` };
      expect((await from('203.0.113.7', {}, header)).status).toBe(200);
      const refreshed = await post<SessionWire>('refresh', { refresh_token: known.body.refresh_token });
      expect([refreshed.body.device_token, refreshed.headers.getSetCookie()]).toEqual([undefined, []]);

      const stranger = await signUp(stack());
      expect((await from('192.0.2.7', { device_token: stranger.session.device_token })).status).toBe(429);
    });

    it('set a new password by a link, once, also when two use it at once', async () => {
      const { client, user } = await signUp(stack());
      expect((await post('password/forgot', { email: user.email })).status).toBe(202);
      const token = await mailedToken(stack(), user.email, 'reset_password');
      const passwords = ['first new password', 'second new password'];
      const statuses = (
        await Promise.all(passwords.map((password) => post('password/reset', { token, password })))
      ).map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([204, 401]);
      expect((await login(user.email, passwords[statuses.indexOf(204)] ?? '')).status).toBe(200);
      expect((await login(user.email, passwords[statuses.indexOf(401)] ?? '')).status).toBe(401);
      expect((await login(user.email, PASSWORD)).status).toBe(401);
      await eventually('the old sign-in is over', async () => (await client.get(`${APP}/me`)).status === 401, 5_000);
      const everything = JSON.stringify([
        await stack().sql('SELECT * FROM jobs'),
        await stack().sql('SELECT * FROM one_time_tokens'),
      ]);
      expect(everything).not.toContain(token);
    });

    it('of a stranger who made them with somebody’s address are the owner’s alone once they come', async () => {
      for (const [ask, template, come] of [
        [
          'password/forgot',
          'reset_password',
          (token: string) => post('password/reset', { token, password: NEW_PASSWORD }),
        ],
        ['magic-link', 'magic_link', (token: string) => post('magic-link/exchange', { token })],
      ] as const) {
        const stranger = await signUp(stack());
        const { key, client } = await withApiKey(stack(), stranger, ['users.read_own', 'users.update_own']);
        expect((await client.patch('/api/v1/app/users/me', { full_name: 'Mallory' })).status).toBe(200);
        expect((await stranger.client.delete('/api/v1/app/users/me')).status).toBe(202);
        await post(ask, { email: stranger.user.email });
        expect((await come(await mailedToken(stack(), stranger.user.email, template))).status).toBeLessThan(300);
        for (const left of [client, stranger.client]) {
          await eventually('it is refused', async () => (await left.get('/api/v1/app/users/me')).status === 401, 5_000);
        }
        const [row] = await stack().sql<{ revoked_at: unknown }>(
          'SELECT revoked_at FROM api_keys WHERE id = ?',
          key.id,
        );
        expect(row?.revoked_at).toBeTruthy();
        expect(await stack().sql('SELECT id FROM account_deletions WHERE user_id = ?', stranger.user.id)).toEqual([]);
      }
    });

    it('sign in by a link, once', async () => {
      const { user } = await signUp(stack());
      await post('magic-link', { email: user.email });
      const token = await mailedToken(stack(), user.email, 'magic_link');
      const answer = await post<SessionWire>('magic-link/exchange', { token });
      expect([answer.status, answer.body.user.id]).toEqual([200, user.id]);
      expect(answer.headers.get('cache-control')).toContain('no-store');
      expect((await post('magic-link/exchange', { token })).status).toBe(401);
    });

    it('change the password with the present one; the other sign-ins end', async () => {
      const { client, user } = await signUp(stack());
      const other = await signIn(stack(), user.email);
      const change = (current_password: string) =>
        client.post<ErrorWire>(`${APP}/password`, { current_password, new_password: NEW_PASSWORD });
      expect((await change('not my password')).status).toBe(422);
      expect((await change(PASSWORD)).status).toBe(204);
      expect((await client.get(`${APP}/me`)).status).toBe(200);
      await eventually('the other is over', async () => (await other.client.get(`${APP}/me`)).status === 401, 5_000);
      expect((await login(user.email, NEW_PASSWORD)).status).toBe(200);
    });

    it('ask for a code after the password, and give the admin what is withheld without one', async () => {
      const admin = await withRole(stack(), 'admin');
      const refused = await admin.client.get<ErrorWire>(ADMIN_USERS);
      expect([refused.status, refused.body.error.code]).toEqual([401, 'INSUFFICIENT_AUTHENTICATION']);
      expect(refused.headers.get('www-authenticate')).toContain('insufficient_user_authentication');

      const bystander = await signIn(stack(), admin.user.email);
      const { recoveryCodes, secret } = await enrol(admin);
      expect((await admin.client.get(ADMIN_USERS)).status).toBe(200);
      expect((await bystander.client.get(ADMIN_USERS)).status).toBe(401);
      expect((await bystander.client.post(`${APP}/step-up`, { password: PASSWORD })).status).toBe(401);

      const first = await login(admin.user.email, PASSWORD);
      expect([first.status, first.body.error.code]).toEqual([401, 'SECOND_FACTOR_REQUIRED']);
      const { challenge } = first.body.error.details;
      expect((await post('second-factor', { challenge, code: recoveryCodes[9]?.replace(/./, '!') })).status).toBe(401);
      const second = await post<SessionWire>('second-factor', { challenge, code: codeOf(secret) });
      expect(second.status).toBe(200);
      expect((await stack().client.as(second.body.access_token).get(ADMIN_USERS)).status).toBe(200);

      expect((await bystander.client.post(`${APP}/step-up`, { code: recoveryCodes[0] })).status).toBe(204);
      await eventually('stepped up', async () => (await bystander.client.get(ADMIN_USERS)).status === 200, 5_000);
      const status = await bystander.client.get(`${APP}/second-factor`);
      expect(status.body).toMatchObject({ enabled: true, recovery_codes_left: 9 });

      const renewed = await bystander.client.post(`${APP}/second-factor/recovery-codes`);
      expect(renewed.status).toBe(200);
      const removed = await bystander.client.delete(`${APP}/second-factor/totp`, { body: { code: codeOf(secret, 1) } });
      expect(removed.status).toBe(204);
      await eventually('withheld again', async () => (await admin.client.get(ADMIN_USERS)).status === 401, 5_000);
      const rows = await stack().sql<{ action: string }>(
        'SELECT action FROM audit_logs WHERE actor_id = ?',
        admin.user.id,
      );
      expect(rows.map(({ action }) => action)).toEqual(
        expect.arrayContaining([
          'user.second_factor_begun',
          'user.second_factor_enabled',
          'user.second_factor_disabled',
          'user.recovery_codes_renewed',
          'user.stepped_up',
        ]),
      );
    });

    describe('list their sign-ins', () => {
      const sockets: Socket[] = [];

      afterEach(() => {
        for (const socket of sockets.splice(0)) socket.disconnect();
      });

      const connect = async (token: string): Promise<Socket> => {
        const socket = io(`${stack().base}/app`, { auth: { token }, transports: ['websocket'], reconnection: false });
        sockets.push(socket);
        await new Promise<void>((done, fail) => {
          socket.once('connected', () => done());
          socket.once('connect_error', fail);
        });
        return socket;
      };

      it('with device and method, and end one: its sockets close, the others stay', async () => {
        const { client, session, user } = await signUp(stack());
        const headers = { 'user-agent': FIREFOX };
        const other = await stack().client.post<SessionWire>(
          `${PUBLIC}/login`,
          { email: user.email, password: PASSWORD },
          { headers },
        );
        const page = await client.get<PageWire<DeviceWire>>(`${APP}/sessions`);
        expect(page.body.items.map(({ current, device, method }) => [device, method, current])).toEqual([
          ['Firefox on Linux', 'password', false],
          [expect.any(String), 'password', true],
        ]);
        const [own, ended] = [await connect(session.access_token), await connect(other.body.access_token)];
        const [firefox] = page.body.items;
        expect((await client.delete(`${APP}/sessions/${firefox?.id}`)).status).toBe(204);
        await eventually('its socket closes', async () => !ended.connected, 5_000);
        expect((await client.delete(`${APP}/sessions/${firefox?.id}`)).status).toBe(404);
        await pause(200);
        expect(own.connected).toBe(true);
        await eventually(
          'its token is refused',
          async () => (await stack().client.as(other.body.access_token).get(`${APP}/me`)).status === 401,
          5_000,
        );
      });

      it('of others are none, and answer so', async () => {
        const [ann, bob] = [await signUp(stack()), await signUp(stack())];
        const [bobs] = (await bob.client.get<PageWire<DeviceWire>>(`${APP}/sessions`)).body.items;
        const foreign = await ann.client.delete<ErrorWire>(`${APP}/sessions/${bobs?.id}`);
        const unknown = await ann.client.delete<ErrorWire>(`${APP}/sessions/0198f1c2-6f3a-7000-8000-0000000000ff`);
        expect([foreign.status, unknown.status]).toEqual([404, 404]);
        expect({ ...foreign.body.error, request_id: '', details: {} }).toEqual({
          ...unknown.body.error,
          request_id: '',
          details: {},
        });
        expect((await bob.client.get(`${APP}/me`)).status).toBe(200);
      });

      it('and end all at once, sockets included', async () => {
        const { client, session, user } = await signUp(stack());
        const other = await signIn(stack(), user.email);
        const open = [await connect(session.access_token), await connect(other.session.access_token)];
        expect((await client.post(`${APP}/logout-everywhere`, { keep_current: true })).status).toBe(204);
        await eventually('the other socket closes', async () => open[1]?.connected === false, 5_000);
        expect([(await client.get(`${APP}/me`)).status, open[0]?.connected]).toEqual([200, true]);
        expect((await client.post(`${APP}/logout-everywhere`)).status).toBe(204);
        await eventually('every socket closes', async () => open.every((socket) => !socket.connected), 5_000);
        expect((await client.get(`${APP}/me`)).status).toBe(401);
      });
    });

    it('switch back to themselves, and to no organization that they are no member of', async () => {
      const { client } = await signUp(stack());
      const switchTo = (organization_id: unknown) => client.post<ErrorWire>(`${APP}/organization`, { organization_id });
      expect((await switchTo(null)).status).toBe(204);
      expect((await switchTo('0198f1c2-6f3a-7000-8000-0000000000ff')).status).toBe(404);
      expect((await switchTo('acme')).status).toBe(422);
    });
  },
  { modes: ['embedded', 'scale-out'], env: { ADMIN_REQUIRE_MFA: 'true', TRUSTED_PROXIES: '127.0.0.1/32' } },
);

describeEachMode.private(
  'where addresses must be verified',
  (stack) => {
    it('registering answers alike for a free and a taken address, and the link lets the person in', async () => {
      const post = <T = ErrorWire>(path: string, body: unknown) => stack().client.post<T>(`${PUBLIC}/${path}`, body);
      const email = newEmail('careful');
      const answers = [
        await post('register', { email, password: PASSWORD }),
        await post('register', { email, password: PASSWORD }),
      ];
      expect(answers.map(({ status, text }) => [status, text])).toEqual([
        [202, ''],
        [202, ''],
      ]);
      expect(answers.map(seen)[0]).toBe(answers.map(seen)[1]);
      const login = (password: string) => post('login', { email, password });
      const [wrong, right] = [await login('not the password'), await login(PASSWORD)];
      expect([wrong.status, right.status, right.body.error.code]).toEqual([401, 403, 'EMAIL_NOT_VERIFIED']);
      await post('verify-email', { token: await mailedToken(stack(), email, 'verify_email') });
      expect((await login(PASSWORD)).status).toBe(200);
      await eventually('the owner is told', async () => {
        const response = await fetch(`${stack().base}/dev/mailbox/messages?to=${encodeURIComponent(email)}`);
        return (await response.text()).includes('account_notice');
      });
    });
  },
  { modes: ['embedded'], env: { AUTH_REQUIRE_VERIFIED_EMAIL: 'true' } },
);

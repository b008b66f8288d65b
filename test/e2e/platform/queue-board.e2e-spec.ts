import { randomBytes } from 'node:crypto';
import { describeEachMode, type Stack } from '../../support/modes';
import { PASSWORD, type Person, signIn, signInIdOf, signUp, withRole } from '../../support/people';

const SESSION = '/api/v1/admin/browser-session';
const AUTH = '/api/v1/app/auth';
const BOARD = '/admin/queues';

interface Link {
  url: string;
  expires_at: string;
}

async function linkFor(admin: Person): Promise<string> {
  const answer = await admin.client.post<Link>(SESSION);
  expect(answer.status).toBe(201);
  return answer.body.url;
}

/** The `name=value` of the cookie that the link sets. */
async function cookieFrom(link: string): Promise<string> {
  const answer = await fetch(link);
  expect(answer.status).toBe(200);
  return (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
}

/** An admin with a browser that is in. */
async function adminIn(stack: Stack): Promise<{ admin: Person; cookie: string }> {
  const admin = await withRole(stack, 'admin');
  return { admin, cookie: await cookieFrom(await linkFor(admin)) };
}

describeEachMode('the queues, for admins in a browser', (stack, mode) => {
  const look = (cookie: string, path = '', init: RequestInit = {}) =>
    fetch(`${stack().base}${BOARD}${path}`, { ...init, headers: { cookie, ...(init.headers as object) } });

  describe('the way in', () => {
    it('is a link of this server that sets a cookie for the pages alone', async () => {
      const admin = await withRole(stack(), 'admin');
      const offered = await admin.client.post<Link>(SESSION);
      expect(offered.body.url).toMatch(new RegExp(`^${stack().base}/admin/session\\?token=[\\w-]{43}$`));
      expect(Date.parse(offered.body.expires_at) - Date.now()).toBeGreaterThan(50_000);
      expect(Date.parse(offered.body.expires_at) - Date.now()).toBeLessThanOrEqual(60_000);

      const answer = await fetch(offered.body.url);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain(BOARD);
      expect(answer.headers.getSetCookie()).toEqual([
        expect.stringMatching(
          /^admin-session=[\w-]{43}; Max-Age=900; Path=\/admin; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
        ),
      ]);
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    });

    it('is good once, also for ten who come together', async () => {
      const link = await linkFor(await withRole(stack(), 'admin'));
      const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(link)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
      expect((await fetch(link)).status).toBe(401);
    });

    it('is not used up by a preview', async () => {
      const link = await linkFor(await withRole(stack(), 'admin'));
      expect((await fetch(link, { method: 'HEAD' })).headers.getSetCookie()).toEqual([]);
      expect((await fetch(link)).status).toBe(200);
    });

    it('gives way to the next link, and ends with the session', async () => {
      const admin = await withRole(stack(), 'admin');
      const first = await linkFor(admin);
      const second = await linkFor(admin);
      expect((await fetch(first)).status).toBe(401);
      await admin.client.post(`${AUTH}/logout`);
      expect((await fetch(second)).status).toBe(401);
    });

    it('is for a minute', async () => {
      const admin = await withRole(stack(), 'admin');
      const link = await linkFor(admin);
      await stack().sql(
        'UPDATE browser_sessions SET expires_at = ? WHERE session_id = ?',
        new Date(Date.now() - 1).toISOString(),
        signInIdOf(admin),
      );
      expect((await fetch(link)).status).toBe(401);
    });

    it('takes an admin who has just proved who they are', async () => {
      const plain = await signUp(stack());
      expect((await plain.client.post(SESSION)).status).toBe(403);
      expect((await stack().client.post(SESSION)).status).toBe(401);
      const admin = await withRole(stack(), 'admin');
      await stack().sql(
        'UPDATE sessions SET authenticated_at = ? WHERE id = ?',
        new Date(Date.now() - 3_600_000).toISOString(),
        signInIdOf(admin),
      );
      // What a cached session says follows within five seconds; it is not cached yet.
      expect((await admin.client.post(SESSION)).status).toBe(401);
      expect((await admin.client.post(`${AUTH}/step-up`, { password: PASSWORD })).status).toBe(204);
      expect((await admin.client.post(SESSION)).status).toBe(201);
    });

    it('is written down, asking and opening', async () => {
      const { admin } = await adminIn(stack());
      const rows = await stack().sql<{ action: string; outcome: string }>(
        'SELECT action, outcome FROM audit_logs WHERE resource_id = ? ORDER BY sequence',
        signInIdOf(admin),
      );
      expect(rows).toEqual([
        { action: 'browser_session.offered', outcome: 'success' },
        { action: 'browser_session.opened', outcome: 'success' },
      ]);
    });

    it('keeps no secret in the clear', async () => {
      const admin = await withRole(stack(), 'admin');
      const link = await linkFor(admin);
      const token = new URL(link).searchParams.get('token') ?? '';
      const cookie = await cookieFrom(link);
      const rows = JSON.stringify(await stack().sql('SELECT * FROM browser_sessions'));
      expect(rows).toContain(signInIdOf(admin));
      for (const secret of [token, cookie.split('=')[1] ?? '']) expect(rows).not.toContain(secret);
      expect(stack().api.output).not.toContain(token);
    });
  });

  describe('the board', () => {
    it('is shown under a policy that runs no script of a page', async () => {
      const { cookie } = await adminIn(stack());
      const answer = await look(cookie);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(answer.headers.get('x-powered-by')).toBeNull();
      const page = await answer.text();
      if (mode === 'embedded') {
        expect(page).toContain('There is no BullMQ here');
        expect(page).toContain('npm run omni -- jobs list');
        return;
      }
      const script = /<script defer src="(static\/[^"]+)"/.exec(page)?.[1] ?? '';
      const file = await look(cookie, `/${script}`);
      expect([file.status, file.headers.get('content-type')]).toEqual([200, expect.stringMatching(/javascript/)]);
      await file.body?.cancel();
    });

    if (mode !== 'embedded') {
      it('lists the queue of this mode, to read', async () => {
        const { cookie } = await adminIn(stack());
        const answer = await look(cookie, '/api/queues');
        expect(answer.status).toBe(200);
        expect(await answer.json()).toMatchObject({ queues: [{ name: 'jobs', readOnlyMode: true }] });
        const server = (await (await look(cookie, '/api/redis/stats')).json()) as { backend?: string };
        expect(server.backend).toBe(mode === 'scale-out' ? 'redis' : 'postgres');
        expect((await look(cookie, '/static/nothing.js')).status).toBe(404);
      });
    }

    it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('is not written to with %s', async (method) => {
      const { cookie } = await adminIn(stack());
      for (const path of ['', '/api/queues/jobs/clean/completed', '/api/queues/jobs/pause', '/api/queues/pause']) {
        expect((await look(cookie, path, { method })).status).toBe(405);
      }
    });

    it('is shown to nobody without a cookie that holds', async () => {
      const { admin, cookie } = await adminIn(stack());
      const value = cookie.split('=')[1] ?? '';
      const tampered = `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`;
      for (const bad of [
        '',
        'admin-session=',
        `admin-session=${tampered}`,
        `admin-session=${value}x`,
        `other=${value}`,
      ]) {
        expect((await look(bad)).status).toBe(401);
      }
      const made = `admin-session=${randomBytes(32).toString('base64url')}`;
      expect((await look(made)).status).toBe(401);
      const bearer = { headers: { authorization: `Bearer ${admin.session.access_token}` } };
      expect((await look('', '', bearer)).status).toBe(401);
      expect((await look(cookie)).status).toBe(200);
    });

    it('is not read by a page of another origin, and the API is not opened by the cookie', async () => {
      const { cookie } = await adminIn(stack());
      for (const origin of ['https://evil.example', 'http://localhost:3000', 'null']) {
        expect((await look(cookie, '', { headers: { origin } })).status).toBe(403);
      }
      expect((await look(cookie, '', { headers: { origin: stack().base } })).status).toBe(200);
      expect((await fetch(`${stack().base}/api/v1/admin/users`, { headers: { cookie } })).status).toBe(401);
    });

    it.each<[string, number | number[], (admin: Person) => Promise<unknown>]>([
      ['they log out', 401, ({ client }) => client.post(`${AUTH}/logout`)],
      ['they end this session', 401, (admin) => admin.client.delete(`${AUTH}/sessions/${signInIdOf(admin)}`)],
      [
        'they change their password, although this session stays',
        401,
        ({ client }) =>
          client.post(`${AUTH}/password`, { current_password: PASSWORD, new_password: 'another horse battery' }),
      ],
      [
        'they are no admin any more',
        403,
        ({ user }) => stack().sql("UPDATE users SET role = 'user' WHERE id = ?", user.id),
      ],
      [
        'they are shut out',
        // The worker ends their sessions; until then the account is refused.
        [401, 403],
        async ({ user }) =>
          (await withRole(stack(), 'superadmin')).client.post(`/api/v1/admin/users/${user.id}/deactivate`),
      ],
      [
        'the quarter of an hour is over',
        401,
        (admin) =>
          stack().sql(
            'UPDATE browser_sessions SET expires_at = ? WHERE session_id = ?',
            new Date(Date.now() - 1).toISOString(),
            signInIdOf(admin),
          ),
      ],
    ])('is closed at the next request once %s', async (_what, status, end) => {
      const { admin, cookie } = await adminIn(stack());
      expect((await look(cookie)).status).toBe(200);
      await end(admin);
      expect([status].flat()).toContain((await look(cookie)).status);
    });

    it('stays open for others', async () => {
      const { cookie } = await adminIn(stack());
      const { admin } = await adminIn(stack());
      await admin.client.post(`${AUTH}/logout`);
      await signIn(stack(), admin.user.email);
      expect((await look(cookie)).status).toBe(200);
    });
  });
});

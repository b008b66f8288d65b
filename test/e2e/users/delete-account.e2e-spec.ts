import { io, type Socket } from 'socket.io-client';
import { eventually } from '../../support/app-process';
import { describeEachMode, type Stack } from '../../support/modes';
import { newEmail, PASSWORD, type Person, signIn, signUp, withRole } from '../../support/people';
import { type ErrorWire, type ProjectWire, type SessionWire } from '../../support/wire';

const ME = '/api/v1/app/users/me';
const PROJECTS = '/api/v1/app/projects';
const LOGIN = '/api/v1/public/auth/login';
const REFRESH = '/api/v1/public/auth/refresh';

interface DeletionWire {
  requested_at: string;
  due_at: string;
  blocked_at: string | null;
}

interface MailWire {
  template: string;
  text: string;
}

async function mailsTo(stack: Stack, email: string): Promise<MailWire[]> {
  return (await stack.client.get<{ items: MailWire[] }>('/dev/mailbox/messages', { query: { to: email } })).body.items;
}

/** Tables that know the person by id, and how many rows of theirs there are. */
async function heldOf(stack: Stack, { user }: Person): Promise<Record<string, number>> {
  const places = {
    users: 'id',
    sessions: 'user_id',
    user_identities: 'user_id',
    local_credentials: 'user_id',
    projects: 'owner_id',
  };
  const held: Record<string, number> = {};
  for (const [table, column] of Object.entries(places)) {
    const rows = await stack.sql(`SELECT ${column} FROM ${table} WHERE ${column} = ?`, user.id);
    held[table] = rows.length;
  }
  return held;
}

describeEachMode.private(
  'an account without a grace period',
  (stack) => {
    let socket: Socket | undefined;
    afterEach(() => socket?.disconnect());

    it('is gone soon after its person asked, with all that it held, and nobody else loses anything', async () => {
      const person = await signUp(stack(), { email: newEmail('gone') });
      const bystander = await signUp(stack());
      const elsewhere = await signIn(stack(), person.user.email);
      const project = (await person.client.post<ProjectWire>(PROJECTS, { name: 'Mine' })).body;
      const others = (await bystander.client.post<ProjectWire>(PROJECTS, { name: 'Not mine' })).body;
      const auth = { token: person.session.access_token };
      socket = io(`${stack().base}/app`, { auth, transports: ['websocket'], reconnection: false });
      const connected = socket;
      await eventually('the socket is open', async () => connected.connected);

      const answer = await person.client.delete<DeletionWire>(ME);
      expect(answer.status).toBe(202);
      expect(answer.body.due_at).toBe(answer.body.requested_at);
      await eventually('the account is gone', async () => (await heldOf(stack(), person)).users === 0);

      expect(await heldOf(stack(), person)).toEqual({
        users: 0,
        sessions: 0,
        user_identities: 0,
        local_credentials: 0,
        projects: 0,
      });
      await eventually('the socket is closed', async () => !connected.connected, 6_000);
      await eventually('its tokens are worth nothing', async () => (await person.client.get(ME)).status === 401, 6_000);
      expect((await elsewhere.client.get(`${PROJECTS}/${project.id}`)).status).toBe(401);
      const { refresh_token } = elsewhere.session;
      expect((await stack().client.post(REFRESH, { refresh_token })).status).toBe(401);
      const again = { email: person.user.email, password: PASSWORD };
      expect((await stack().client.post(LOGIN, again)).status).toBe(401);

      const mail = await eventually('the last mail', async () =>
        (await mailsTo(stack(), person.user.email)).find(({ template }) => template === 'account_deleted'),
      );
      expect(mail.text).toContain('were deleted, as you asked');
      const audited = await stack().sql<{ details: unknown }>(
        'SELECT details FROM audit_logs WHERE action = ? AND resource_id = ?',
        'user.deleted',
        person.user.id,
      );
      expect(audited).toHaveLength(1);
      expect(JSON.stringify(audited[0]?.details)).toMatch(/projects/);
      const anew = await signUp(stack(), { email: person.user.email });
      expect(anew.user.id).not.toBe(person.user.id);
      expect((await bystander.client.get(`${PROJECTS}/${others.id}`)).status).toBe(200);
    });
  },
  { env: { ACCOUNT_DELETION_GRACE_DAYS: '0' } },
);

describeEachMode.private(
  'an account with a grace period',
  (stack) => {
    const DAY_MS = 86_400_000;

    it('can be used and kept: the wish is shown, told by mail, and taken back', async () => {
      const person = await signUp(stack());
      expect((await person.client.get<ErrorWire>(`${ME}/deletion`)).status).toBe(404);
      const { body: first, status } = await person.client.delete<DeletionWire>(ME);
      expect([status, Date.parse(first.due_at) - Date.parse(first.requested_at)]).toEqual([202, 30 * DAY_MS]);
      const again = await person.client.delete<DeletionWire>(ME);
      expect([again.status, again.body]).toEqual([202, first]);

      const later = await signIn(stack(), person.user.email);
      expect((await later.client.get<DeletionWire>(`${ME}/deletion`)).body).toEqual(first);
      const v2 = await later.client.get<{ data: DeletionWire }>('/api/v2/app/users/me/deletion');
      expect(v2.body.data).toEqual(first);
      const mail = await eventually('the mail that tells', async () =>
        (await mailsTo(stack(), person.user.email)).find(({ template }) => template === 'deletion_requested'),
      );
      expect(mail.text).toContain('/account/deletion?id=');

      expect((await later.client.post(`${ME}/deletion/cancel`)).status).toBe(204);
      expect((await later.client.post(`${ME}/deletion/cancel`)).status).toBe(404);
      expect((await later.client.get(`${ME}/deletion`)).status).toBe(404);
    });

    it('is shown to nobody else, and taken back by nobody else', async () => {
      const [person, other] = [await signUp(stack()), await signUp(stack())];
      await person.client.delete(ME);
      expect((await other.client.get(`${ME}/deletion`)).status).toBe(404);
      expect((await other.client.post(`${ME}/deletion/cancel`)).status).toBe(404);
      expect((await person.client.get(`${ME}/deletion`)).status).toBe(200);
      for (const [method, path] of [['DELETE', ME] as const, ['GET', `${ME}/deletion`] as const]) {
        expect((await stack().client.send(method, path)).status).toBe(401);
      }
    });

    it('is asked for with a fresh proof of identity only', async () => {
      const person = await signUp(stack());
      await stack().sql('UPDATE sessions SET authenticated_at = ?', new Date(Date.now() - 3_600_000).toISOString());
      const answer = await eventually('the old proof is seen', async () => {
        const refused = await person.client.delete<ErrorWire>(ME);
        return refused.status === 401 && refused;
      });
      expect(answer.headers.get('www-authenticate')).toContain('insufficient_user_authentication');
      expect(answer.body.error.code).toBe('INSUFFICIENT_AUTHENTICATION');
      expect((await person.client.get(`${ME}/deletion`)).status).toBe(404);
    });

    it('is kept while it is that of the last active superadmin', async () => {
      const superadmin = await withRole(stack(), 'superadmin');
      const answer = await superadmin.client.delete<ErrorWire>(ME);
      expect([answer.status, answer.body.error.code]).toEqual([409, 'CONFLICT']);
      expect(answer.body.error.details.obstacles).toEqual([expect.stringContaining('make another superadmin first')]);
      await withRole(stack(), 'superadmin');
      expect((await superadmin.client.delete<SessionWire>(ME)).status).toBe(202);
    });
  },
  { modes: ['embedded'] },
);

import { io, type Socket } from 'socket.io-client';
import { eventually, pause } from '../../support/app-process';
import { describeEachMode } from '../../support/modes';
import { newEmail, type Person, signUp, withRole } from '../../support/people';
import { type ProjectWire } from '../../support/wire';

const PROJECTS = '/api/v1/app/projects';

interface UpdateWire {
  type: string;
  timestamp: string;
  data: { resource: string; action: string; resource_id: string };
}

describeEachMode('what follows a change', (stack) => {
  describe('the socket', () => {
    const open: Socket[] = [];

    afterEach(() => {
      for (const socket of open.splice(0)) socket.disconnect();
    });

    async function connected(
      token: string | undefined,
      options: object = {},
    ): Promise<{ socket: Socket; heard: UpdateWire[] }> {
      const socket = io(`${stack().base}/app`, {
        auth: token === undefined ? {} : { token },
        transports: ['websocket'],
        reconnection: false,
        ...options,
      });
      open.push(socket);
      const heard: UpdateWire[] = [];
      socket.onAny((event: string, message: UpdateWire) => {
        if (event === 'update') heard.push(message);
      });
      await new Promise<void>((done, fail) => {
        socket.once('connected', () => done());
        socket.once('connect_error', fail);
        socket.once('disconnect', (reason) => fail(new Error(`disconnected: ${reason}`)));
      });
      return { socket, heard };
    }

    it('hears of every change to an own project, and nobody else hears it', async () => {
      const [owner, other] = [await signUp(stack()), await signUp(stack())];
      const own = await connected(owner.session.access_token);
      const foreign = await connected(other.session.access_token);

      const project = (await owner.client.post<ProjectWire>(PROJECTS, { name: 'Watched' })).body;
      await owner.client.patch(`${PROJECTS}/${project.id}`, { name: 'Watched closely' });
      await owner.client.delete(`${PROJECTS}/${project.id}`);

      await eventually('three updates', async () => own.heard.length >= 3);
      await pause(200);
      expect(own.heard.map(({ data }) => [data.resource, data.action, data.resource_id])).toEqual([
        ['project', 'created', project.id],
        ['project', 'updated', project.id],
        ['project', 'deleted', project.id],
      ]);
      expect(own.heard[0]).toMatchObject({ type: 'update', timestamp: expect.stringMatching(/Z$/) });
      expect(foreign.heard).toEqual([]);
    });

    it('is heard on every connection of the owner', async () => {
      const owner = await signUp(stack());
      const tabs = [await connected(owner.session.access_token), await connected(owner.session.access_token)];
      await owner.client.post(PROJECTS, { name: 'Twice seen' });
      await eventually('both tabs hear it', async () => tabs.every((tab) => tab.heard.length === 1));
    });

    it('hears nothing of a change that was refused', async () => {
      const owner = await signUp(stack());
      const tab = await connected(owner.session.access_token);
      await owner.client.post(PROJECTS, { name: '' });
      await owner.client.post(PROJECTS, { name: 'real' });
      await eventually('the real one is heard', async () => tab.heard.length > 0);
      expect(tab.heard).toHaveLength(1);
    });

    it.each([
      ['no token', undefined],
      ['a token that is none', 'nonsense'],
    ])('is closed to %s', async (_what, token) => {
      await expect(connected(token)).rejects.toThrow();
    });

    it('is closed to a page of another origin', async () => {
      const { session } = await signUp(stack());
      const extraHeaders = { origin: 'http://evil.test' };
      await expect(connected(session.access_token, { extraHeaders })).rejects.toThrow();
    });

    it('is closed when its user is deactivated', async () => {
      const [admin, target] = [await withRole(stack(), 'admin'), await signUp(stack())];
      const { socket } = await connected(target.session.access_token);
      await admin.client.post(`/api/v1/admin/users/${target.user.id}/deactivate`);
      await eventually('the socket is closed', async () => !socket.connected, 6_000);
      await expect(connected(target.session.access_token)).rejects.toThrow();
    });
  });

  describe('the welcome mail', () => {
    interface MailWire {
      id: string;
      to: string;
      subject: string;
      template: string;
      text: string;
    }

    /** Beside other mails about the account. */
    async function mailsTo(email: string): Promise<MailWire[]> {
      const answer = await stack().client.get<{ items: MailWire[] }>('/dev/mailbox/messages', { query: { to: email } });
      expect(answer.status).toBe(200);
      return answer.body.items.filter(({ template }) => template === 'welcome');
    }

    async function firstMailTo(email: string): Promise<MailWire> {
      return eventually(`a mail to ${email}`, async () => (await mailsTo(email))[0]);
    }

    it('is in the mailbox soon after registering, once, with the name', async () => {
      const email = newEmail('welcome');
      await signUp(stack(), { email, full_name: 'Grace Hopper' });
      expect(await firstMailTo(email)).toMatchObject({ to: email, text: expect.stringContaining('Grace Hopper') });
      await pause(500);
      expect(await mailsTo(email)).toHaveLength(1);
      expect((await stack().client.get<string>('/dev/mailbox')).body).toContain(email);
    });

    it('carries a name that is a script as text', async () => {
      const email = newEmail('script');
      await signUp(stack(), { email, full_name: '<script>alert(1)</script>' });
      const { id } = await firstMailTo(email);
      for (const path of ['/dev/mailbox', `/dev/mailbox/messages/${id}`, `/dev/mailbox/messages/${id}/html`]) {
        const page = await stack().client.get<string>(path);
        expect([path, page.status]).toEqual([path, 200]);
        expect(page.body).not.toContain('<script>alert');
        expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      }
    });

    it('is not sent for a registration that was refused', async () => {
      const email = newEmail('refused');
      await stack().client.post('/api/v1/public/auth/register', { email, password: 'short' });
      await signUp(stack(), { email: newEmail('marker') });
      await pause(500);
      expect(await mailsTo(email)).toEqual([]);
    });
  });

  describe('the audit trail', () => {
    interface AuditRowWire {
      action: string;
      outcome: string;
      actor_id: string | null;
      resource_id: string | null;
      request_id: string | null;
      details: unknown;
    }

    const rowsOf = (person: Person): Promise<AuditRowWire[]> =>
      stack().sql<AuditRowWire>(
        'SELECT action, outcome, actor_id, resource_id, request_id, details FROM audit_logs WHERE actor_id = ? ORDER BY sequence',
        person.user.id,
      );

    it('has one row for each change, with who, what and which request', async () => {
      const owner = await signUp(stack());
      const created = await owner.client.post<ProjectWire>(PROJECTS, { name: 'Audited' });
      const path = `${PROJECTS}/${created.body.id}`;
      const patched = await owner.client.patch(path, { name: 'Audited twice' });
      const removed = await owner.client.delete(path);
      const rows = (await rowsOf(owner)).filter((row) => row.resource_id === created.body.id);
      expect(rows.map((row) => [row.outcome, row.request_id])).toEqual(
        [created, patched, removed].map((answer) => ['success', answer.headers.get('x-request-id')]),
      );
      expect(JSON.stringify(rows[1]?.details)).toMatch(/Audited.*Audited twice|Audited twice.*Audited/);
      expect(new Set(rows.map((row) => row.action)).size).toBe(3);
    });

    it('has a row for a refusal too, and none for reading', async () => {
      const person = await signUp(stack());
      const before = (await rowsOf(person)).length;
      await person.client.get(PROJECTS);
      expect((await rowsOf(person)).length).toBe(before);
      const refused = await person.client.post(`/api/v1/admin/users/${person.user.id}/deactivate`);
      expect(refused.status).toBe(403);
      const rows = (await rowsOf(person)).slice(before);
      expect(rows).toEqual([
        expect.objectContaining({ outcome: 'refused', request_id: refused.headers.get('x-request-id') }),
      ]);
    });

    it('keeps no password in any row', async () => {
      const rows = await stack().sql<{ details: unknown }>('SELECT details FROM audit_logs');
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toMatch(/correct horse|argon2/);
    });

    it('cannot be changed or thinned out, not even behind the curtain', async () => {
      await signUp(stack());
      await expect(stack().sql("UPDATE audit_logs SET action = 'forged'")).rejects.toThrow();
      await expect(stack().sql('DELETE FROM audit_logs')).rejects.toThrow();
    });

    it('is found whole by `omni audit verify`', async () => {
      const { status, output } = await stack().omni('audit', 'verify');
      expect([status, output]).toEqual([0, expect.stringMatching(/\d/)]);
    }, 20_000);
  });
});

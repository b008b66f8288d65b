import { io, type Socket } from 'socket.io-client';
import { type ApiClient } from '../../support/api-client';
import { eventually, pause } from '../../support/app-process';
import { describeEachMode } from '../../support/modes';
import { actingFor, found, invitationsTo, join } from '../../support/organizations';
import { newEmail, type Person, signUp, withRole } from '../../support/people';
import {
  type EnvelopeWire,
  type ErrorWire,
  type OrganizationWire,
  type PageWire,
  type ProjectWire,
} from '../../support/wire';

const ORGANIZATIONS = '/api/v1/app/organizations';
const ACCEPT = '/api/v1/app/organization-invitations/accept';
const PROJECTS = '/api/v1/app/projects';
const UNKNOWN = '0198f1c2-6f3a-7000-8000-00000000dead';

interface MemberWire {
  user_id: string;
  role: string;
  email: string | null;
}

interface InvitationWire {
  id: string;
  email: string;
  role: string;
}

/** A refusal without what differs by nature: the id that was asked for, and that of the request. */
function refusal({ body, status }: { body: ErrorWire; status: number }): unknown {
  const { request_id: _requestId, details, ...error } = body.error;
  return { status, error, details: { ...details, id: 'x' } };
}

describeEachMode('organizations', (stack) => {
  let ann: Person;
  let bob: Person;
  let stranger: Person;
  let acme: OrganizationWire;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    [ann, bob, stranger] = [await signUp(stack(), { full_name: 'Ann' }), await signUp(stack()), await signUp(stack())];
    acme = await found(ann, 'Acme');
    await join(stack(), ann, acme.id, bob);
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.disconnect()));

  const of = (id: string, rest = '') => `${ORGANIZATIONS}/${id}${rest}`;

  it('are founded, listed, read, changed by version, on v1 and on v2', async () => {
    const made = await ann.client.post<OrganizationWire>(ORGANIZATIONS, { name: ' Bolt ' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.any(String) as string,
      name: 'Bolt',
      role: 'owner',
      created_at: expect.stringMatching(/Z$/) as string,
      updated_at: expect.stringMatching(/Z$/) as string,
    });
    const headers = { 'If-Match': made.headers.get('etag') ?? '' };
    const changed = await ann.client.patch<OrganizationWire>(of(made.body.id), { name: 'Bolt & Co' }, { headers });
    expect([changed.status, changed.body.name]).toEqual([200, 'Bolt & Co']);
    expect((await ann.client.patch(of(made.body.id), { name: 'late' }, { headers })).status).toBe(412);
    const listed = await ann.client.get<EnvelopeWire<OrganizationWire[]>>('/api/v2/app/organizations', {
      query: { limit: 1 },
    });
    expect(listed.body.data.map(({ name }) => name)).toEqual(['Bolt & Co']);
    expect(listed.body.meta.page?.next_cursor).toEqual(expect.any(String));
    expect((await ann.client.post(ORGANIZATIONS, { name: 'x', role: 'owner' })).status).toBe(422);
  });

  it('answer who is no member as if they did not exist, on every route and verb', async () => {
    const { body: invitation } = await ann.client.post<InvitationWire>(of(acme.id, '/invitations'), {
      email: newEmail(),
      role: 'member',
    });
    const asks: ((id: string, client: ApiClient) => Promise<{ status: number; body: unknown }>)[] = [
      (id, client) => client.get(of(id)),
      (id, client) => client.patch(of(id), { name: 'mine' }),
      (id, client) => client.delete(of(id)),
      (id, client) => client.get(of(id, '/members')),
      (id, client) => client.patch(of(id, `/members/${bob.user.id}`), { role: 'admin' }),
      (id, client) => client.delete(of(id, `/members/${bob.user.id}`)),
      (id, client) => client.post(of(id, '/leave')),
      (id, client) => client.post(of(id, '/transfer'), { user_id: stranger.user.id }),
      (id, client) => client.get(of(id, '/invitations')),
      (id, client) => client.post(of(id, '/invitations'), { email: newEmail(), role: 'member' }),
      (id, client) => client.post(of(id, `/invitations/${invitation.id}/resend`)),
      (id, client) => client.delete(of(id, `/invitations/${invitation.id}`)),
      (id, client) => client.get(PROJECTS, { headers: { 'X-Organization-Id': id } }),
    ];
    for (const ask of asks) {
      const unknown = await ask(UNKNOWN, stranger.client);
      const foreign = await ask(acme.id, stranger.client);
      expect(unknown.status).toBe(404);
      // Every refusal has the envelope: the client has just checked it.
      expect(refusal(foreign as never)).toEqual(refusal(unknown as never));
    }
    expect((await bob.client.delete<ErrorWire>(of(acme.id))).body.error.message).toContain('owner');
  });

  it('own projects, which every member works on and nobody else sees, neither alone nor for another organization', async () => {
    const [forAcme, bobForAcme] = [actingFor(ann, acme.id), actingFor(bob, acme.id)];
    const bolt = await found(stranger, 'Bolt');
    const forBolt = actingFor(stranger, bolt.id);
    const { body: project } = await forAcme.post<ProjectWire>(PROJECTS, { name: 'Ours' });
    expect(project.owner_id).toBe(acme.id);
    const own = (await ann.client.post<ProjectWire>(PROJECTS, { name: 'Mine' })).body;
    expect((await bobForAcme.patch<ProjectWire>(`${PROJECTS}/${project.id}`, { name: 'Ours too' })).body.name).toBe(
      'Ours too',
    );
    const names = async (client: ApiClient) =>
      (await client.get<PageWire<ProjectWire>>(PROJECTS)).body.items.map(({ name }) => name);
    expect([await names(forAcme), await names(bobForAcme)]).toEqual([['Ours too'], ['Ours too']]);
    expect([await names(ann.client), await names(bob.client), await names(forBolt)]).toEqual([['Mine'], [], []]);
    const verbs: ((client: ApiClient, id: string) => Promise<{ status: number; body: unknown }>)[] = [
      (client, id) => client.get(`${PROJECTS}/${id}`),
      (client, id) => client.patch(`${PROJECTS}/${id}`, { name: 'stolen' }),
      (client, id) => client.delete(`${PROJECTS}/${id}`),
    ];
    const pairs: [ApiClient, string][] = [
      [forBolt, project.id],
      [stranger.client, project.id],
      // Also the members themselves, as long as they do not act for it, and the other way round.
      [ann.client, project.id],
      [forAcme, own.id],
      [bobForAcme, own.id],
    ];
    for (const [client, id] of pairs) {
      for (const verb of verbs) {
        const [foreign, unknown] = [await verb(client, id), await verb(client, UNKNOWN)];
        expect(unknown.status).toBe(404);
        expect(refusal(foreign as never)).toEqual(refusal(unknown as never));
      }
    }
    expect((await bobForAcme.delete(`${PROJECTS}/${project.id}`)).status).toBe(204);
  });

  it('are apart for a repeated request, too: one key means one thing for each of them', async () => {
    const headers = { 'Idempotency-Key': `key-${acme.id}` };
    const make = (client: ApiClient) => client.post<ProjectWire>(PROJECTS, { name: 'Once' }, { headers });
    const [own, forAcme] = [await make(ann.client), await make(actingFor(ann, acme.id))];
    expect([own.body.owner_id, forAcme.body.owner_id]).toEqual([ann.user.id, acme.id]);
    const again = await make(actingFor(ann, acme.id));
    expect([again.body.id, again.headers.get('idempotency-replayed')]).toEqual([forAcme.body.id, 'true']);
  });

  it('tell their members of what becomes of their projects, and nobody who was removed', async () => {
    const cid = await signUp(stack());
    const overheard: string[] = [];
    const connect = async ({ session }: Person, name: string) => {
      const auth = { token: session.access_token };
      const socket = io(`${stack().base}/app`, { auth, transports: ['websocket'], reconnection: false });
      sockets.push(socket);
      socket.on('update', ({ data }: { data: { resource: string; resource_id: string } }) => {
        if (data.resource === 'project') overheard.push(`${name} ${data.resource_id}`);
      });
      await eventually(`the socket of ${name}`, async () => socket.connected);
    };
    for (const [person, name] of [
      [ann, 'ann'],
      [bob, 'bob'],
      [cid, 'cid'],
      [stranger, 'stranger'],
    ] as const) {
      await connect(person, name);
    }
    // They join while they are connected.
    await join(stack(), ann, acme.id, cid);
    await pause(200);
    const make = async () => (await actingFor(ann, acme.id).post<ProjectWire>(PROJECTS, { name: 'Told' })).body.id;
    const first = await make();
    await eventually('three hear of it', async () => overheard.length >= 3);
    expect((await ann.client.delete(of(acme.id, `/members/${cid.user.id}`))).status).toBe(204);
    await pause(200);
    const second = await make();
    await eventually('two hear of it', async () => overheard.length >= 5);
    await pause(200);
    expect(overheard.sort()).toEqual(
      [`ann ${first}`, `bob ${first}`, `cid ${first}`, `ann ${second}`, `bob ${second}`].sort(),
    );
  });

  it('are out of reach for a person who was removed with the next request', async () => {
    const cid = await signUp(stack());
    await join(stack(), ann, acme.id, cid);
    const forAcme = actingFor(cid, acme.id);
    expect((await forAcme.get(PROJECTS)).status).toBe(200);
    expect((await ann.client.delete(of(acme.id, `/members/${cid.user.id}`))).status).toBe(204);
    expect((await forAcme.get(PROJECTS)).status).toBe(404);
    expect((await forAcme.post(PROJECTS, { name: 'too late' })).status).toBe(404);
    expect((await cid.client.get(of(acme.id))).status).toBe(404);
  });

  it('let go of a person who was removed while acting for them: own session and account stay open, the rest is one’s own again', async () => {
    const dan = await signUp(stack());
    await join(stack(), ann, acme.id, dan);
    const switchTo = (organization_id: string | null) =>
      dan.client.post('/api/v1/app/auth/organization', { organization_id });
    const acting = async () =>
      (await dan.client.get<{ organization_id: unknown }>('/api/v1/app/auth/me')).body.organization_id;
    expect((await switchTo(acme.id)).status).toBe(204);
    expect(await acting()).toBe(acme.id);
    const theirs = await dan.client.post<ProjectWire>(PROJECTS, { name: 'Theirs' });
    expect(theirs.body.owner_id).toBe(acme.id);
    expect((await ann.client.delete(of(acme.id, `/members/${dan.user.id}`))).status).toBe(204);
    const me = await dan.client.get('/api/v1/app/users/me');
    expect([me.status, me.headers.get('x-organization-id')]).toEqual([200, 'personal']);
    expect(await acting()).toBeNull();
    expect((await dan.client.get(PROJECTS)).body).toMatchObject({ total: 0 });
    expect((await dan.client.post<ProjectWire>(PROJECTS, { name: 'Mine' })).body.owner_id).toBe(dan.user.id);
    expect([(await switchTo(acme.id)).status, (await switchTo(null)).status]).toEqual([404, 204]);
    expect((await dan.client.post('/api/v1/app/auth/logout')).status).toBe(204);
  });

  it('take no more from a person who was removed while acting for them, and put it nowhere else unasked', async () => {
    const dan = await signUp(stack());
    await join(stack(), ann, acme.id, dan);
    await dan.client.post('/api/v1/app/auth/organization', { organization_id: acme.id });
    await dan.client.get(PROJECTS);
    expect((await ann.client.delete(of(acme.id, `/members/${dan.user.id}`))).status).toBe(204);
    const write = () => dan.client.post<ProjectWire & ErrorWire>(PROJECTS, { name: 'Meant for them' });
    const refused = await write();
    expect([refused.status, refused.body.error.code]).toEqual([409, 'ORGANIZATION_LEFT']);
    expect(refused.body.error.details).toMatchObject({ id: acme.id });
    expect((await write()).body.owner_id).toBe(dan.user.id);
  });

  it('are joined by the person who was invited, and by nobody to whom the mail is forwarded', async () => {
    const email = newEmail('guest');
    const invited = await ann.client.post<InvitationWire>(of(acme.id, '/invitations'), { email, role: 'admin' });
    expect(invited.body).toMatchObject({ email, role: 'admin' });
    expect(invited.text).not.toContain('token');
    const token = await eventually('the invitation', async () => (await invitationsTo(stack(), email))[0]);
    expect((await stack().client.post(ACCEPT, { token })).status).toBe(401);
    expect((await stranger.client.post<ErrorWire>(ACCEPT, { token })).status).toBe(403);
    const guest = await signUp(stack(), { email });
    const outcomes = await Promise.all([1, 2].map(() => guest.client.post(ACCEPT, { token })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 410]);
    const members = await ann.client.get<PageWire<MemberWire>>(of(acme.id, '/members'), { query: { limit: 100 } });
    expect(members.body.items.filter(({ user_id }) => user_id === guest.user.id)).toMatchObject([
      { role: 'admin', email },
    ]);
    expect((await guest.client.post<ErrorWire>(ACCEPT, { token: 'f'.repeat(64) })).status).toBe(404);
  });

  it('are deleted with all that they own, and closed at once', async () => {
    const bolt = await found(ann, 'Gone');
    await join(stack(), ann, bolt.id, bob);
    const { body: project } = await actingFor(bob, bolt.id).post<ProjectWire>(PROJECTS, { name: 'Gone' });
    expect((await bob.client.delete(of(bolt.id))).status).toBe(403);
    expect((await ann.client.post<ErrorWire>(of(bolt.id, '/leave'))).body.error.message).toContain('transfer');
    expect((await ann.client.delete(of(bolt.id))).status).toBe(204);
    expect((await actingFor(bob, bolt.id).get(`${PROJECTS}/${project.id}`)).status).toBe(404);
    expect((await ann.client.get(of(bolt.id))).status).toBe(404);
    await eventually('what it owned is gone', async () => {
      const rows = await stack().sql('SELECT id FROM projects WHERE owner_id = ?', bolt.id);
      return (
        rows.length === 0 && (await stack().sql('SELECT id FROM organizations WHERE id = ?', bolt.id)).length === 0
      );
    });
  });

  it('hold the account of their only owner until it is transferred', async () => {
    const [owner, next] = [await signUp(stack()), await signUp(stack())];
    const held = await found(owner, 'Held');
    await join(stack(), owner, held.id, next);
    const refused = await owner.client.delete<ErrorWire>('/api/v1/app/users/me');
    expect(refused.status).toBe(409);
    expect(JSON.stringify(refused.body)).toContain('only owner of the organization');
    expect((await owner.client.post(of(held.id, '/transfer'), { user_id: next.user.id })).status).toBe(200);
    expect((await owner.client.delete('/api/v1/app/users/me')).status).toBe(202);
  });

  it('are listed and searched by admins of the platform, who are no members for that', async () => {
    const admin = await withRole(stack(), 'admin');
    const all = '/api/v1/admin/organizations';
    const listed = await admin.client.get<PageWire<{ id: string; members: number }>>(all, { query: { search: 'ACM' } });
    expect(listed.body.items.find(({ id }) => id === acme.id)?.members).toBeGreaterThan(1);
    expect((await admin.client.get(`${all}/${acme.id}`)).status).toBe(200);
    expect((await admin.client.get(of(acme.id))).status).toBe(404);
    expect([(await ann.client.get(all)).status, (await ann.client.get(`${all}/${acme.id}`)).status]).toEqual([
      403, 403,
    ]);
  });

  it('are known to the API documents: every route for signed-in people shows the header', async () => {
    const { body } = await stack().client.get<{ paths: Record<string, Record<string, { parameters: object[] }>> }>(
      '/api/v1/openapi.json',
    );
    const shown = Object.entries(body.paths).map(([path, operations]) => {
      const parameters = Object.values(operations).map((operation) => JSON.stringify(operation.parameters));
      return [path, parameters.every((text) => text.includes('X-Organization-Id'))] as const;
    });
    const app = shown.filter(([path]) => path.startsWith('/api/v1/app/'));
    expect(app.length).toBeGreaterThan(10);
    expect(app.filter(([, isShown]) => !isShown)).toEqual([]);
    expect(shown.filter(([path, isShown]) => isShown && !path.startsWith('/api/v1/app/'))).toEqual([]);
  });
});

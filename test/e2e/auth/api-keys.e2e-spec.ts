import { io, type Socket } from 'socket.io-client';
import { withApiKey } from '../../support/api-keys';
import { eventually } from '../../support/app-process';
import { describeEachMode } from '../../support/modes';
import { newEmail, PASSWORD, signIn, signInIdOf, signUp, withRole } from '../../support/people';
import {
  type ApiKeyWire,
  type EnvelopeWire,
  type ErrorWire,
  type PageWire,
  type ProjectWire,
  type ReadableApiKeyWire,
} from '../../support/wire';

const KEYS = '/api/v1/app/api-keys';
const PROJECTS = '/api/v1/app/projects';
const ME = '/api/v1/app/auth/me';
const HOUR_MS = 3_600_000;

describeEachMode(
  'API keys',
  (stack) => {
    describe('as a bearer token', () => {
      it('do what their scopes say for their owner, and nothing else', async () => {
        const owner = await signUp(stack());
        const { client } = await withApiKey(stack(), owner, ['projects.read', 'projects.create']);
        const project = await client.post<ProjectWire>(PROJECTS, { name: 'By a program' });
        expect([project.status, project.body.owner_id]).toEqual([201, owner.user.id]);
        expect((await client.get<PageWire<ProjectWire>>(PROJECTS)).body.total).toBe(1);
        const refused = await client.delete<ErrorWire>(`${PROJECTS}/${project.body.id}`);
        expect([refused.status, refused.body.error.code]).toEqual([403, 'AUTHORIZATION_ERROR']);
        expect((await owner.client.get(`${PROJECTS}/${project.body.id}`)).status).toBe(200);
      });

      it('are shown by `me`, and signing in is not', async () => {
        const owner = await signUp(stack());
        const { client, key } = await withApiKey(stack(), owner, ['users.read_own', 'projects.read']);
        const answer = await client.get<{ api_key_id: string; permissions: string[] }>(ME);
        expect(answer.body).toMatchObject({
          api_key_id: key.id,
          permissions: ['projects.read', 'users.read_own'],
        });
        expect((await owner.client.get<{ api_key_id: null }>(ME)).body.api_key_id).toBeNull();
      });

      it('of an admin open the admin routes of their scopes and no other', async () => {
        const admin = await withRole(stack(), 'superadmin');
        const narrow = await withApiKey(stack(), admin, ['projects.read']);
        expect((await narrow.client.get('/api/v1/admin/users')).status).toBe(403);
        const wide = await withApiKey(stack(), admin, ['users.list']);
        expect((await wide.client.get('/api/v1/admin/users')).status).toBe(200);
        expect((await wide.client.get(`/api/v1/admin/users/${admin.user.id}`)).status).toBe(403);
      });

      it('are refused from the moment that they are revoked, or their owner is shut out', async () => {
        const owner = await signUp(stack());
        const [first, second] = [
          await withApiKey(stack(), owner, ['projects.read']),
          await withApiKey(stack(), owner, ['projects.read']),
        ];
        expect((await first.client.get(PROJECTS)).status).toBe(200);
        expect((await owner.client.delete(`${KEYS}/${first.key.id}`)).status).toBe(204);
        const refused = await first.client.get<ErrorWire>(PROJECTS);
        expect([refused.status, refused.body.error.message]).toEqual([401, 'Invalid API key']);
        expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
        const admin = await withRole(stack(), 'superadmin');
        expect((await second.client.get(PROJECTS)).status).toBe(200);
        await admin.client.post(`/api/v1/admin/users/${owner.user.id}/deactivate`);
        expect((await second.client.get(PROJECTS)).status).toBe(403);
      });

      it('are counted apart from their owner', async () => {
        const owner = await signUp(stack());
        const { client } = await withApiKey(stack(), owner, ['projects.read']);
        const remaining = async (who: typeof client) =>
          Number((await who.get(PROJECTS)).headers.get('x-ratelimit-remaining'));
        const before = await remaining(owner.client);
        for (let call = 0; call < 3; call++) await client.get(PROJECTS);
        expect(await remaining(owner.client)).toBe(before - 1);
        const other = await withApiKey(stack(), owner, ['projects.read']);
        expect((await remaining(client)) + 3).toBe(await remaining(other.client));
      });
    });

    describe('are managed', () => {
      it('by their owner: made, listed, read, renamed, rotated, revoked', async () => {
        const owner = await signUp(stack());
        const expires_at = new Date(Date.now() + HOUR_MS).toISOString();
        const made = await owner.client.post<ReadableApiKeyWire>(KEYS, {
          name: ' CI ',
          scopes: ['projects.read'],
          expires_at,
        });
        expect(made.status).toBe(201);
        expect(made.headers.get('cache-control')).toContain('no-store');
        const { secret, ...shown } = made.body;
        expect(shown).toMatchObject({ name: 'CI', scopes: ['projects.read'], expires_at, last_used_at: null });
        expect(secret.startsWith(shown.prefix)).toBe(true);
        expect((await owner.client.get<PageWire<ApiKeyWire>>(KEYS)).body).toMatchObject({ items: [shown], total: 1 });

        const one = `${KEYS}/${shown.id}`;
        const read = await owner.client.get<ApiKeyWire>(one);
        expect(read.body).toEqual(shown);
        const headers = { 'if-match': read.headers.get('etag') ?? '' };
        expect((await owner.client.patch<ApiKeyWire>(one, { name: 'Deploy' }, { headers })).body.name).toBe('Deploy');
        expect((await owner.client.patch(one, { name: 'Late' }, { headers })).status).toBe(412);

        const rotated = await owner.client.post<ReadableApiKeyWire>(`${one}/rotate`, { grace_minutes: 5 });
        expect([rotated.status, rotated.body.id, rotated.body.name]).toEqual([200, shown.id, 'Deploy']);
        expect(rotated.headers.get('cache-control')).toContain('no-store');
        for (const good of [secret, rotated.body.secret]) {
          expect((await stack().client.as(good).get(PROJECTS)).status).toBe(200);
        }
        expect((await owner.client.post(`${one}/rotate`, {})).status).toBe(200);
        for (const old of [secret, rotated.body.secret]) {
          expect((await stack().client.as(old).get(PROJECTS)).status).toBe(401);
        }
        expect((await owner.client.delete(one)).status).toBe(204);
        expect((await owner.client.get(one)).status).toBe(404);
        expect((await owner.client.get<PageWire<ApiKeyWire>>(KEYS)).body.total).toBe(0);
      });

      it('in version 2 as well', async () => {
        const owner = await signUp(stack());
        const body = { name: 'v2', scopes: ['projects.read'] };
        const made = await owner.client.post<EnvelopeWire<ReadableApiKeyWire>>('/api/v2/app/api-keys', body);
        expect(made.status).toBe(201);
        expect((await stack().client.as(made.body.data.secret).get('/api/v2/app/projects')).status).toBe(200);
      });

      it('never by a key, whatever its owner may do', async () => {
        const owner = await withRole(stack(), 'superadmin');
        const every = await owner.client.get<{ items: { name: string; held: boolean; for_api_keys: boolean }[] }>(
          '/api/v1/app/auth/permissions',
        );
        const scopes = every.body.items.filter((one) => one.held && one.for_api_keys).map(({ name }) => name);
        expect(scopes).toContain('users.grant_roles');
        const { client, key } = await withApiKey(stack(), owner, scopes);
        const statuses = [
          await client.get(KEYS),
          await client.get(`${KEYS}/${key.id}`),
          await client.post(KEYS, { name: 'Offspring', scopes: ['projects.read'] }),
          await client.patch(`${KEYS}/${key.id}`, { name: 'Mine' }),
          await client.post(`${KEYS}/${key.id}/rotate`, {}),
          await client.delete(`${KEYS}/${key.id}`),
        ].map(({ status }) => status);
        expect(statuses).toEqual([403, 403, 403, 403, 403, 403]);
      });

      it('with no permission that is for a signed-in person: a key ends no session and changes no credential', async () => {
        const owner = await signUp(stack());
        for (const scope of ['auth.use_own_session', 'auth.manage_own_credentials', 'auth.manage_api_keys']) {
          const refused = await owner.client.post<ErrorWire>(KEYS, {
            name: 'Too much',
            scopes: ['projects.read', scope],
          });
          expect([refused.status, JSON.stringify(refused.body.error.details).includes(scope)]).toEqual([422, true]);
        }
        const { client, key } = await withApiKey(stack(), owner, ['projects.read']);
        // A key of before the rule.
        const scopes = JSON.stringify(['auth.manage_own_credentials', 'auth.use_own_session', 'users.read_own']);
        await stack().sql('UPDATE api_keys SET scopes = ? WHERE id = ?', scopes, key.id);
        const AUTH = '/api/v1/app/auth';
        const statuses = [
          await client.post(`${AUTH}/logout`),
          await client.post(`${AUTH}/logout-everywhere`),
          await client.get(`${AUTH}/sessions`),
          await client.delete(`${AUTH}/sessions/${signInIdOf(owner)}`),
          await client.post(`${AUTH}/password`, { current_password: PASSWORD, new_password: 'another good password' }),
          await client.get(`${AUTH}/second-factor`),
          await client.get(`${AUTH}/identities`),
        ].map(({ status }) => status);
        expect(new Set(statuses)).toEqual(new Set([403]));
        expect((await client.get<{ permissions: string[] }>(ME)).body.permissions).toEqual(['users.read_own']);
        expect((await owner.client.get(ME)).status).toBe(200);
      });

      it('only soon after a proof of identity where a secret is shown', async () => {
        const { user } = await signUp(stack());
        const fresh = await signIn(stack(), user.email);
        const { key } = await withApiKey(stack(), fresh, ['projects.read']);
        const stale = await signIn(stack(), user.email);
        const anHourAgo = new Date(Date.now() - HOUR_MS).toISOString();
        // Before the first use of that sign-in, so no copy of it is kept.
        await stack().sql('UPDATE sessions SET authenticated_at = ? WHERE id = ?', anHourAgo, signInIdOf(stale));
        for (const path of [KEYS, `${KEYS}/${key.id}/rotate`]) {
          const body = path === KEYS ? { name: 'Late', scopes: ['projects.read'] } : {};
          const refused = await stale.client.post<ErrorWire>(path, body);
          expect([refused.status, refused.body.error.code]).toEqual([401, 'INSUFFICIENT_AUTHENTICATION']);
          expect(refused.headers.get('www-authenticate')).toContain('max_age=900');
        }
        expect((await stale.client.get(KEYS)).status).toBe(200);
      });

      it.each<[string, object]>([
        ['no scopes', { name: 'x', scopes: [] }],
        ['scopes that are no list', { name: 'x', scopes: 'projects.read' }],
        ['scopes that no domain knows', { name: 'x', scopes: ['projects.fly'] }],
        ['all scopes at once', { name: 'x', scopes: ['*'] }],
        ['the scope to manage keys', { name: 'x', scopes: ['auth.manage_api_keys'] }],
        ['a scope twice', { name: 'x', scopes: ['projects.read', 'projects.read'] }],
        ['no name', { name: ' ', scopes: ['projects.read'] }],
        ['a name of 101 characters', { name: 'x'.repeat(101), scopes: ['projects.read'] }],
        ['an end in the past', { name: 'x', scopes: ['projects.read'], expires_at: '2020-01-01T00:00:00Z' }],
        ['an end in a hundred years', { name: 'x', scopes: ['projects.read'], expires_at: '2126-01-01T00:00:00Z' }],
        ...['id', 'owner_id', 'user_id', 'key_hash', 'prefix', 'secret', 'second_factor', 'created_at'].map(
          (field): [string, object] => [`the field ${field}`, { name: 'x', scopes: ['projects.read'], [field]: 'y' }],
        ),
      ])('and refused with 422 for %s', async (_what, body) => {
        const { client } = await signUp(stack());
        const answer = await client.post<ErrorWire>(KEYS, body);
        expect([answer.status, answer.body.error.code]).toEqual([422, 'VALIDATION_ERROR']);
      });

      it('without a scope that their owner lacks', async () => {
        const { client } = await signUp(stack());
        const answer = await client.post<ErrorWire>(KEYS, { name: 'x', scopes: ['users.list'] });
        expect([answer.status, answer.body.error.details]).toEqual([403, { permission: 'users.list' }]);
      });
    });

    describe('on a socket', () => {
      const sockets: Socket[] = [];
      afterEach(() => sockets.splice(0).forEach((socket) => socket.disconnect()));

      const connected = async (token: string): Promise<Socket> => {
        const options = { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true };
        const socket = io(`${stack().base}/app`, options);
        sockets.push(socket);
        await new Promise<void>((done, fail) => socket.once('connected', () => done()).once('connect_error', fail));
        return socket;
      };

      it('hear what their owner would hear', async () => {
        const owner = await signUp(stack());
        const socket = await connected((await withApiKey(stack(), owner, ['projects.read'])).key.secret);
        const heard: unknown[] = [];
        socket.on('update', (message) => heard.push(message));
        await owner.client.post(PROJECTS, { name: 'Watched' });
        await eventually('the update', async () => heard.length === 1);
      });

      it.each(['revoked', 'rotated'])('end at once when they are %s, and nobody else with them', async (how) => {
        const owner = await signUp(stack());
        const { key } = await withApiKey(stack(), owner, ['projects.read']);
        const other = await withApiKey(stack(), owner, ['projects.read']);
        const ended = await connected(key.secret);
        const bystanders = [await connected(other.key.secret), await connected(owner.session.access_token)];
        const one = `${KEYS}/${key.id}`;
        await (how === 'revoked' ? owner.client.delete(one) : owner.client.post(`${one}/rotate`, {}));
        await eventually('the socket is closed', async () => ended.disconnected, 3_000);
        expect(bystanders.map((socket) => socket.connected)).toEqual([true, true]);
        await expect(connected(key.secret)).rejects.toThrow('Invalid API key');
      });

      it('take no socket with them that goes on with a sign-in', async () => {
        const owner = await signUp(stack());
        const { key } = await withApiKey(stack(), owner, ['projects.read']);
        const [renewed, other] = [await connected(key.secret), await connected(key.secret)];
        await renewed.timeout(3_000).emitWithAck('authenticate', { token: owner.session.access_token });
        await owner.client.delete(`${KEYS}/${key.id}`);
        await eventually('the other socket is closed', async () => other.disconnected, 3_000);
        expect(renewed.connected).toBe(true);
      });
    });

    describe('leave', () => {
      it('no copy of the secret in any table or log, and a trail of who did what', async () => {
        const owner = await signUp(stack());
        const { client, key } = await withApiKey(stack(), owner, ['projects.create']);
        const project = await client.post<ProjectWire>(PROJECTS, { name: 'Recorded' });
        await client.get(`${PROJECTS}?token=${key.secret}`);
        await client.get(`/api/v1/nowhere/${key.secret}`);
        await owner.client.delete(`${KEYS}/${key.id}`);

        const tables = await stack().sql<{ name: string }>(
          stack().mode === 'embedded'
            ? "SELECT name FROM sqlite_master WHERE type = 'table'"
            : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
        );
        let everything = '';
        for (const { name } of tables) everything += JSON.stringify(await stack().sql(`SELECT * FROM "${name}"`));
        expect(everything).toContain(key.prefix);
        for (const place of [everything, stack().api.output]) expect(place).not.toContain(key.secret.slice(16));

        const trail = await stack().sql<{ action: string; actor_id: string; details: unknown }>(
          'SELECT action, actor_id, details FROM audit_logs WHERE resource_id IN (?, ?) ORDER BY sequence',
          key.id,
          project.body.id,
        );
        expect(trail.map(({ action }) => action)).toEqual(['api_key.created', 'resource.created', 'api_key.revoked']);
        expect(trail.every(({ actor_id }) => actor_id === owner.user.id)).toBe(true);
        expect(JSON.stringify(trail[1]?.details)).toContain(key.id);
      });

      it('the time of their last use, a few seconds later', async () => {
        const owner = await signUp(stack());
        const { client, key } = await withApiKey(stack(), owner, ['projects.read']);
        await client.get(PROJECTS);
        const lastUse = async () => (await owner.client.get<ApiKeyWire>(`${KEYS}/${key.id}`)).body.last_used_at;
        await eventually('a last use', async () => (await lastUse()) !== null, 10_000);
      });
    });

    describe('stand in a catalogue', () => {
      it('of permissions, as the caller holds them', async () => {
        const { client } = await signUp(stack());
        const { body } = await client.get<{ items: Record<string, unknown>[] }>('/api/v1/app/auth/permissions');
        const of = (name: string) => body.items.find((item) => item.name === name);
        expect(of('projects.create')).toMatchObject({ held: true, withheld: false, for_api_keys: true });
        expect(of('users.list')).toMatchObject({ held: false, roles: ['admin', 'superadmin'] });
        expect(of('auth.manage_api_keys')).toMatchObject({ held: true, for_api_keys: false });
      });

      it('of roles, for admins', async () => {
        const admin = await withRole(stack(), 'admin');
        const { body } = await admin.client.get<{ items: { name: string; permissions: string[] }[] }>(
          '/api/v1/admin/roles',
        );
        expect(body.items.map(({ name }) => name)).toEqual(['user', 'admin', 'superadmin']);
        expect(body.items[0]?.permissions).not.toContain('users.list');
        expect(body.items[2]?.permissions).toContain('users.grant_roles');
        expect((await (await signUp(stack())).client.get('/api/v1/admin/roles')).status).toBe(403);
      });
    });

    describe('have an administrator before them:', () => {
      it('`omni auth make-admin` makes one of an account, in running processes within five seconds', async () => {
        const { client, user } = await signUp(stack(), { email: newEmail('first') });
        expect((await client.get('/api/v1/admin/users')).status).toBe(403);
        const made = await stack().omni('auth', 'make-admin', user.email.toUpperCase());
        expect([made.status, made.output.trim()]).toEqual([0, `${user.email} is superadmin now`]);
        await eventually(
          'the admin is let in',
          async () => (await client.get('/api/v1/admin/users')).status === 200,
          6_000,
        );
        const trail = await stack().sql<{ actor_role: string; details: unknown }>(
          "SELECT actor_role, details FROM audit_logs WHERE action = 'user.role_granted' AND resource_id = ?",
          user.id,
        );
        expect(trail).toHaveLength(1);
        expect(trail[0]?.actor_role).toBe('system:omni');
      });

      it('it says why not, with the fix, and leaves exit code 1', async () => {
        const unknown = await stack().omni('auth', 'make-admin', 'nobody@example.com');
        expect(unknown.status).toBe(1);
        expect(unknown.output).toContain('/api/v1/public/auth/register');
        const wrong = await stack().omni('auth', 'make-admin', 'nobody@example.com', '--role', 'king');
        expect(wrong.status).toBe(1);
      });
    });
  },
  { modes: ['embedded', 'scale-out'] },
);

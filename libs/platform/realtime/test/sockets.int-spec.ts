import { setTimeout as sleep } from 'node:timers/promises';
import { GracefulShutdown } from '@platform/http';
import { Metrics } from '@platform/observability';
import { type Frame, Realtime } from '../src';
import { SessionWatcher } from '../src/session-watcher';
import { ended, next, refusal, type SocketApp, startSockets } from './socket-app';

const UPDATE = { type: 'update', resource: 'project', action: 'created', resource_id: 'p1' } as const;

describe('sockets', () => {
  let sockets: SocketApp;
  beforeAll(async () => {
    sockets = await startSockets({ BACKEND_CORS_ORIGINS: 'https://app.example.com' });
  });
  afterAll(() => sockets.close());

  const realtime = () => sockets.app.get(Realtime);

  it('lets a person in, says so, and answers a ping with a pong and an acknowledgement', async () => {
    const socket = sockets.client({ auth: { token: 'ada' } });
    expect(await next(socket, 'connected')).toEqual({
      type: 'connected',
      data: { user_id: 'ada', message: 'Connected to WebSocket' },
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const pong = next(socket, 'pong');
    const acknowledged = (await socket.timeout(1_000).emitWithAck('ping')) as Frame;
    expect([acknowledged.type, (await pong).type]).toEqual(['pong', 'pong']);
  });

  it('works by long polling too, with the headers of the REST API', async () => {
    const socket = sockets.client({ auth: { token: 'ada' }, transports: ['polling'] });
    expect((await next(socket, 'connected')).type).toBe('connected');
    const answer = await fetch(`${sockets.base}/socket.io/?EIO=4&transport=polling`, {
      headers: { origin: 'https://app.example.com' },
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    ['no token', {}, 'AUTHENTICATION_ERROR'],
    ['a bad token', { token: 'bad' }, 'AUTHENTICATION_ERROR'],
    ['a token that is no text', { token: { $ne: '' } }, 'AUTHENTICATION_ERROR'],
    ['a token of a megabyte', { token: 'x'.repeat(60_000) }, 'AUTHENTICATION_ERROR'],
    ['a failing authenticator', { token: 'broken' }, 'SERVICE_UNAVAILABLE'],
  ])('refuses %s without a word about the inside', async (_what, auth, code) => {
    const error = await refusal(sockets.client({ auth }));
    expect(error.data?.code).toBe(code);
    expect(JSON.stringify(error)).not.toContain('10.0.0.5');
  });

  it('refuses the account that was deactivated', async () => {
    sockets.people.deactivated.add('mallory');
    expect((await refusal(sockets.client({ auth: { token: 'mallory' } }))).data?.code).toBe('AUTHORIZATION_ERROR');
  });

  it('refuses a page of another origin, on both transports', async () => {
    const headers = { origin: 'https://evil.example' };
    for (const transport of ['websocket', 'polling'] as const) {
      const socket = sockets.client({ auth: { token: 'ada' }, transports: [transport], extraHeaders: headers });
      expect((await refusal(socket)).data).toBeUndefined();
    }
    const polling = await fetch(`${sockets.base}/socket.io/?EIO=4&transport=polling`, { headers });
    expect([polling.status, polling.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    expect(await polling.json()).toMatchObject({ error: { code: 'AUTHORIZATION_ERROR' } });
    const lines = sockets.log.filter((line) => line.includes('https://evil.example'));
    expect(lines).toEqual([expect.stringContaining('BACKEND_CORS_ORIGINS')]);
  });

  it('lets in pages of this machine and of the API itself, which runs locally here', async () => {
    for (const origin of ['http://localhost:5173', 'http://[::1]:8080', sockets.base]) {
      const socket = sockets.client({ auth: { token: 'ada' }, extraHeaders: { origin } });
      expect((await next(socket, 'connected')).type).toBe('connected');
      socket.disconnect();
    }
  });

  it('lets nobody into another namespace', async () => {
    expect((await refusal(sockets.client({ auth: { token: 'ada' } }, '/'))).message).toContain('/app');
    expect((await refusal(sockets.client({ auth: { token: 'ada' } }, '/admin'))).message).toBe('Invalid namespace');
  });

  it('accepts the deprecated query token and shows it in no line', async () => {
    const socket = sockets.client({ query: { token: 'query-user' } });
    expect((await next(socket, 'connected')).data).toMatchObject({ user_id: 'query-user' });
    expect(sockets.log.join('')).toContain('SOCKET_ALLOW_QUERY_TOKEN');
    expect(sockets.log.join('')).not.toContain('token=query-user');
  });

  it('sends an update to all sockets of its person and to nobody else', async () => {
    const [first, second, stranger] = await Promise.all(['ada', 'ada', 'grace'].map((name) => sockets.connected(name)));
    if (!first || !second || !stranger) throw new Error('three clients');
    const overheard: unknown[] = [];
    stranger.onAny((...event) => overheard.push(event));
    const both = Promise.all([next(first, 'update'), next(second, 'update')]);
    realtime().toUser('ada', UPDATE);
    for (const frame of await both) {
      expect(frame).toEqual({
        type: 'update',
        data: { resource: 'project', action: 'created', resource_id: 'p1' },
        timestamp: expect.any(String),
      });
    }
    await stranger.timeout(1_000).emitWithAck('ping');
    expect(overheard.flat()).not.toContain('update');
  });

  it('sends what a tenant owns to the people who belong to it, once each, as long as they do', async () => {
    sockets.tenancy.members.set('tess', ['acme', 'bolt']).set('tom', ['acme']);
    const [tess, tom, stranger] = await Promise.all(['tess', 'tom', 'tina'].map((name) => sockets.connected(name)));
    if (!tess || !tom || !stranger) throw new Error('three clients');
    const heard: string[] = [];
    for (const [name, socket] of Object.entries({ tess, tom, stranger })) socket.on('update', () => heard.push(name));
    const everybodyHeard = async () => {
      for (const socket of [tess, tom, stranger]) await socket.timeout(1_000).emitWithAck('ping');
      return heard.splice(0).sort();
    };
    realtime().toOwner('acme', UPDATE);
    expect(await everybodyHeard()).toEqual(['tess', 'tom']);
    realtime().leaveTenant('tom', 'acme');
    realtime().joinTenant('tina', 'acme');
    realtime().toOwner('acme', UPDATE);
    expect(await everybodyHeard()).toEqual(['stranger', 'tess']);
    realtime().toOwner('tom', UPDATE);
    expect(await everybodyHeard()).toEqual(['tom']);
  });

  it('lets nobody stay in the room of a tenant who was removed while coming in', async () => {
    sockets.tenancy.members.set('late', ['acme']);
    let asked = 0;
    // The news of the removal comes between the second look and what follows from it: nobody is there to leave yet.
    sockets.tenancy.beforeAnswer = () => {
      asked += 1;
      if (asked === 2) sockets.tenancy.members.set('late', []);
    };
    const socket = await sockets.connected('late');
    sockets.tenancy.beforeAnswer = undefined;
    const overheard: unknown[] = [];
    socket.on('update', (frame) => overheard.push(frame));
    await sleep(50);
    realtime().toOwner('acme', UPDATE);
    await socket.timeout(1_000).emitWithAck('ping');
    expect(asked).toBeGreaterThan(1);
    expect(overheard).toEqual([]);
  });

  it('gives nobody a way into the room of somebody else', async () => {
    const socket = await sockets.connected('eve');
    for (const event of ['join', 'subscribe', 'authenticate']) {
      const answer = (await socket
        .timeout(1_000)
        .emitWithAck(event, { channel: 'user:ada', room: 'user:ada' })) as Frame;
      expect(answer.type).toBe('error');
    }
    const overheard: unknown[] = [];
    socket.on('update', (frame) => overheard.push(frame));
    realtime().toUser('ada', UPDATE);
    await socket.timeout(1_000).emitWithAck('ping');
    expect(overheard).toEqual([]);
  });

  it('tells a client which event it does not know', async () => {
    const socket = await sockets.connected('ada');
    const answer = (await socket.timeout(1_000).emitWithAck('shout', { a: 1 })) as Frame;
    expect(answer).toMatchObject({
      type: 'error',
      data: { code: 'UNKNOWN_EVENT', message: 'Unknown event type: shout' },
    });
  });

  it('cuts off a flood within two seconds, and nobody else notices', async () => {
    const [flooder, bystander] = await Promise.all([sockets.connected('flood'), sockets.connected('calm')]);
    const errors: Frame[] = [];
    flooder.on('error', (frame: Frame) => errors.push(frame));
    const cut = ended(flooder, 2_000);
    for (let message = 0; message < 5_000; message++) flooder.emit('ping');
    const times: number[] = [];
    for (let round = 0; round < 20; round++) {
      const asked = performance.now();
      await bystander.timeout(1_000).emitWithAck('ping');
      times.push(performance.now() - asked);
    }
    expect(await cut).toBe('io server disconnect');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.data).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
    expect(Math.max(...times)).toBeLessThan(500);
  });

  it('ends the connection that sends two megabytes', async () => {
    const [big, bystander] = await Promise.all([sockets.connected('big'), sockets.connected('calm')]);
    const cut = ended(big);
    big.emit('ping', 'x'.repeat(2_000_000));
    await cut;
    expect(((await bystander.timeout(1_000).emitWithAck('ping')) as Frame).type).toBe('pong');
  });

  it('gives a person ten sockets and not one more', async () => {
    const ten = await Promise.all(Array.from({ length: 10 }, () => sockets.connected('many')));
    expect((await refusal(sockets.client({ auth: { token: 'many' } }))).data?.code).toBe('TOO_MANY_SOCKETS');
    ten[0]?.disconnect();
    await until(() => sockets.app.get(SessionWatcher).sessions.countOf('many') === 9);
    expect((await sockets.connected('many')).connected).toBe(true);
    for (const socket of ten) socket.disconnect();
  });

  it('holds the ten also against a rush', async () => {
    const rush = Array.from({ length: 30 }, () => sockets.client({ auth: { token: 'rush' } }));
    await until(() => sockets.app.get(SessionWatcher).sessions.countOf('rush') === 10);
    await sleep(500);
    expect(sockets.app.get(SessionWatcher).sessions.countOf('rush')).toBe(10);
    expect(rush.filter((socket) => socket.connected)).toHaveLength(10);
    for (const socket of rush) socket.disconnect();
  });

  it('ends a session when its token expires', async () => {
    const socket = await sockets.connected('short:1500');
    const told = next(socket, 'session_ended');
    expect(await ended(socket)).toBe('io server disconnect');
    expect((await told).data).toEqual({ reason: 'token_expired' });
  });

  it('goes on with a fresh token of the same person only', async () => {
    const socket = await sockets.connected('renew:1500');
    const stolen = (await socket.timeout(1_000).emitWithAck('authenticate', { token: 'ada' })) as Frame;
    expect(stolen).toMatchObject({ type: 'error', data: { message: 'The token belongs to another person' } });
    const renewed = (await socket.timeout(1_000).emitWithAck('authenticate', { token: 'renew:60000' })) as Frame;
    expect(renewed.type).toBe('authenticated');
    await sleep(2_700);
    expect(socket.connected).toBe(true);
  });

  it('ends the sockets of a deactivated person, at once when told and at the next check when not', async () => {
    const told = await sockets.connected('gone');
    const cut = ended(told);
    realtime().disconnectUser('gone');
    expect(await cut).toBe('io server disconnect');

    const untold = await sockets.connected('late');
    const watcher = sockets.app.get(SessionWatcher);
    for (const session of watcher.sessions.dueAt(Infinity, 1_000)) session.recheckAt = 0;
    sockets.people.deactivated.add('late');
    expect(await ended(untold)).toBe('io server disconnect');
    expect((await sockets.connected('ada')).connected).toBe(true);
  });

  it('shows counts to people and ids to admins', async () => {
    await sockets.connected('visible');
    const status = async (token?: string) => {
      const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
      return fetch(`${sockets.base}/api/v1/app/ws/status`, { headers });
    };
    expect((await status()).status).toBe(401);
    const forUser = (await (await status('ada')).json()) as Record<string, unknown>;
    expect(forUser).toMatchObject({ status: 'running', online_user_ids: [] });
    expect(forUser.local_users).toBe(forUser.total_online_users);
    const forAdmin = (await (await status('admin')).json()) as { online_user_ids: string[] };
    expect(forAdmin.online_user_ids).toContain('visible');
  });

  it('counts sockets and messages', async () => {
    const { body } = await sockets.app.get(Metrics).scrape();
    expect(body).toMatch(/websocket_connections\{status="authenticated"\} [1-9]/);
    expect(body).toMatch(/websocket_messages_total\{direction="received",type="ping"\} [1-9]/);
    expect(body).toMatch(/websocket_messages_total\{direction="sent",type="pong"\} [1-9]/);
  });

  it('says goodbye before the process goes, and lets nobody in after', async () => {
    const socket = await sockets.connected('ada');
    const told = next(socket, 'server_draining');
    const cut = ended(socket);
    await sockets.app.get(GracefulShutdown).close(sockets.app);
    expect((await told).data).toMatchObject({ reconnect_within_ms: expect.any(Number) });
    expect(await cut).toBe('io server disconnect');
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 100 && !condition(); round++) await sleep(20);
}

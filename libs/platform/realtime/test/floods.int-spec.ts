import { setTimeout as sleep } from 'node:timers/promises';
import { Metrics } from '@platform/observability';
import { RateLimiter } from '@platform/security';
import { rawRequest, sendRaw } from '../../../../test/support/raw-http';
import { type Frame, Realtime } from '../src';
import { SessionWatcher } from '../src/session-watcher';
import { askForWebSocket, frameOf, OPCODE, openPolling, openRaw, packets } from './raw-socket';
import { ended, next, refusal, type SocketApp, startSockets } from './socket-app';

/** More than may come at once, in a chunk that the network delivers whole. */
const TOO_MANY = 60;
const UNKNOWN_SESSION = 400;
const A_HUNDRED_FRAGMENTS = Buffer.concat([
  frameOf(OPCODE.text, '4', false),
  ...Array.from({ length: 100 }, () => frameOf(OPCODE.continuation, '', false)),
]);
/** The head of a text frame of 2 MB (RFC 6455 §5.2). */
const FRAME_OF_TWO_MEGABYTES = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x1e, 0x84, 0x80, 0, 0, 0, 0]);

describe('what a connection may cost', () => {
  let sockets: SocketApp;
  beforeAll(async () => {
    sockets = await startSockets({ TRUSTED_PROXIES: '127.0.0.1/32' });
  });
  afterAll(() => sockets.close());

  const goneAfter = async (chunk: Buffer) => {
    const { socket, gone } = await openRaw(sockets.base);
    socket.write(chunk);
    return gone;
  };
  const cameIn = async (person: string) => {
    const raw = await openRaw(sockets.base);
    raw.socket.write(frameOf(OPCODE.text, `40/app,{"token":"${person}"}`));
    await isIn(person);
    return raw;
  };
  const isIn = (person: string) => until(() => sockets.app.get(SessionWatcher).sessions.countOf(person) === 1);
  const repeated = (frame: Buffer) => Buffer.concat(Array.from({ length: TOO_MANY }, () => frame));

  describe('of a stranger', () => {
    it('ends at once with too many packets of any kind', async () => {
      const floods = {
        'CONNECT packets': packets('40/app,', TOO_MANY),
        'CONNECT packets for a namespace that does not exist': packets('40/nobody,', TOO_MANY),
        'messages before a CONNECT': packets('42["ping"]', TOO_MANY),
        'pongs of Engine.IO': packets('3', TOO_MANY),
        'pings of WebSocket': repeated(frameOf(OPCODE.ping, '')),
        'pongs of WebSocket': repeated(frameOf(OPCODE.pong, '')),
      };
      const lasted = Object.entries(floods).map(async ([what, chunk]) => [what, await goneAfter(chunk)] as const);
      const tooLong = (await Promise.all(lasted)).filter(([, milliseconds]) => milliseconds > 800);
      expect(tooLong).toEqual([]);
    });

    it('is closed for good a second after its CONNECT was refused', async () => {
      const refusals = {
        'a CONNECT without a token': frameOf(OPCODE.text, '40/app,'),
        'a CONNECT to the root namespace': frameOf(OPCODE.text, '40'),
        'a CONNECT to a namespace that does not exist': frameOf(OPCODE.text, '40/nobody,'),
      };
      const lasted = Object.entries(refusals).map(async ([what, chunk]) => [what, await goneAfter(chunk)] as const);
      const wrong = (await Promise.all(lasted)).filter(
        ([, milliseconds]) => milliseconds < 900 || milliseconds > 1_800,
      );
      expect(wrong).toEqual([]);
    });

    it.each([
      ['a message in a hundred fragments', A_HUNDRED_FRAGMENTS, 1_008],
      ['a message of more than 64 KiB', FRAME_OF_TWO_MEGABYTES, 1_009],
    ])('that sends %s is told why, not heard any more, and gone in a second', async (_what, broken, code) => {
      const { socket, gone } = await openRaw(sockets.base);
      const heard: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => heard.push(chunk));
      socket.write(broken);
      socket.write(Buffer.alloc(32_000_000));
      await sleep(500);
      expect(Buffer.concat(heard).includes(Buffer.from([0x88, 2, code >> 8, code & 0xff]))).toBe(true);
      expect(socket.writableLength).toBeGreaterThan(0);
      expect(await gone).toBeLessThan(1_800);
    });

    it('counts what WebSockets of one session send, while one upgrades and others are refused, and closes those for good', async () => {
      const { sid } = await openPolling(sockets.base);
      const [first, second, silent] = await Promise.all([1, 2, 3].map(() => openRaw(sockets.base, { sid })));
      if (!first || !second || !silent) throw new Error('three WebSockets');
      expect([first.status, second.status, silent.status]).toEqual([101, 101, 101]);
      first.socket.write(packets('2probe', TOO_MANY));
      second.socket.write(packets('40/app,', TOO_MANY));
      expect(Math.max(await first.gone, await second.gone)).toBeLessThan(800);
      expect(await silent.gone).toBeLessThan(1_800);
    });

    it.each([
      ['a payload of sixty packets', payload('3', TOO_MANY)],
      ['a payload of more than 64 KiB', '4'.repeat(65_537)],
    ])('ends the long polling that posts %s', async (_what, posted) => {
      const session = await openPolling(sockets.base);
      await session.post(posted).catch(() => undefined);
      expect((await session.poll()).status).toBe(UNKNOWN_SESSION);
    });

    it('has its pings of WebSocket answered', async () => {
      const { socket } = await openRaw(sockets.base);
      const heard: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => heard.push(chunk));
      socket.write(frameOf(OPCODE.ping, 'still there?'));
      const pong = Buffer.concat([Buffer.from([0x80 | OPCODE.pong, 12]), Buffer.from('still there?')]);
      await until(() => Buffer.concat(heard).includes(pong));
      socket.destroy();
    });

    it('has one CONNECT: a second one ends the connection, and nobody is asked about its token', async () => {
      const { socket, gone } = await openRaw(sockets.base);
      const before = sockets.people.asked;
      socket.write(packets('40/app,{"token":"bad"}', 5));
      expect(await gone).toBeLessThan(800);
      expect(sockets.people.asked).toBe(before + 1);
    });

    it('comes in with a fresh token after a refusal, by the reconnection of its client', async () => {
      const token = { token: 'bad' };
      const socket = sockets.client({ auth: token, reconnection: true, reconnectionDelay: 50 });
      await refusal(socket);
      token.token = 'fresh';
      socket.connect();
      expect((await next(socket, 'connected')).data).toMatchObject({ user_id: 'fresh' });
    });
  });

  describe('of a person', () => {
    it('is forty messages at once', async () => {
      const socket = await sockets.connected('forty');
      const answers = Array.from({ length: 40 }, () => socket.timeout(2_000).emitWithAck('ping') as Promise<Frame>);
      expect((await Promise.all(answers)).map(({ type }) => type)).toEqual(Array(40).fill('pong'));
    });

    it('is not sixty: the connection is told and ended', async () => {
      const socket = await sockets.connected('sixty');
      const told = next(socket, 'error');
      const cut = ended(socket, 2_000);
      let pongs = 0;
      socket.on('pong', () => (pongs += 1));
      for (let message = 0; message < TOO_MANY; message++) socket.emit('ping');
      expect((await told).data).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
      expect(await cut).toBe('io server disconnect');
      // While they are read, one more is earned every 50 ms.
      expect(pongs).toBeGreaterThanOrEqual(40);
      expect(pongs).toBeLessThan(50);
    });

    it('is the same over long polling', async () => {
      const socket = sockets.client({ auth: { token: 'polling' }, transports: ['polling'] });
      await next(socket, 'connected');
      const told = next(socket, 'error');
      const cut = ended(socket, 3_000);
      for (let message = 0; message < 100; message++) socket.emit('ping');
      expect((await told).data).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
      expect(await cut).toMatch(/server disconnect|transport/);
    });

    it('counts what is no message, also after an upgrade from long polling', async () => {
      const socket = sockets.client({ auth: { token: 'upgraded' }, transports: ['polling', 'websocket'] });
      await next(socket, 'connected');
      await until(() => socket.io.engine.transport.name === 'websocket');
      const told = next(socket, 'error');
      const cut = ended(socket, 2_000);
      // Acknowledgements of something that was never sent.
      for (let packet = 0; packet < TOO_MANY; packet++) socket.io.engine.write('3/app,1[]');
      expect((await told).data).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
      expect(await cut).toBe('io server disconnect');
    });

    it('is gone a second after a flood to which it does not listen, and after it left its namespace', async () => {
      const poller = await openPolling(sockets.base);
      await poller.post('40/app,{"token":"poller"}');
      const [deaf, leaver] = await Promise.all([cameIn('deaf'), cameIn('leaver'), isIn('poller')]);
      await poller.post(payload('42/app,["ping"]', TOO_MANY)).catch(() => undefined);
      deaf.socket.pause();
      deaf.socket.write(packets('42/app,["ping"]', 8_000));
      leaver.socket.write(frameOf(OPCODE.text, '41/app,'));
      expect(Math.max(await deaf.gone, await leaver.gone)).toBeLessThan(2_500);
      expect((await poller.poll()).status).toBe(UNKNOWN_SESSION);
    });

    it('stays in when refused elsewhere', async () => {
      const socket = await sockets.connected('curious');
      expect((await refusal(socket.io.socket('/nobody'))).message).toBe('Invalid namespace');
      await sleep(1_200);
      expect((await socket.timeout(1_000).emitWithAck('ping')) as Frame).toMatchObject({ type: 'pong' });
    });

    it('is five thousand packets that wait unread', async () => {
      const socket = await sockets.connected('hoarder');
      const cut = ended(socket, 3_000);
      const update = { type: 'update', resource: 'project', action: 'updated', resource_id: 'p1' } as const;
      for (let sent = 0; sent < 5_100; sent++) sockets.app.get(Realtime).toUser('hoarder', update);
      await cut;
      expect(sockets.app.get(SessionWatcher).sessions.countOf('hoarder')).toBe(0);
    });
  });

  it('is told in one line a minute, with an address, and counted', async () => {
    const lines = sockets.log.filter((line) => line.includes('too many packets'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'WARNING', times: 1, client_ip: '127.0.0.1' });
    const { body } = await sockets.app.get(Metrics).scrape();
    expect(body).toMatch(/rate_limit_hits_total\{endpoint="\/socket\.io",client_type="ip"\} [1-9]/);
    expect(body).toMatch(/rate_limit_hits_total\{endpoint="\/socket\.io",client_type="user"\} [1-9]/);
  });
});

describe('handshakes of one address', () => {
  let sockets: SocketApp;
  beforeAll(async () => {
    sockets = await startSockets({ TRUSTED_PROXIES: '127.0.0.1/32', RATE_LIMIT_SOCKETS: '5/minute' });
  });
  afterAll(() => sockets.close());

  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('are five a minute, on either transport; what a session of long polling asks for is none', async () => {
    const address = from('203.0.113.1');
    const session = await openPolling(sockets.base, address);
    for (let message = 0; message < 10; message++) {
      expect((await session.post('3')).status).toBe(200);
    }
    for (let upgrade = 0; upgrade < 4; upgrade++) {
      const { status, socket } = await openRaw(sockets.base, {}, address);
      expect(status).toBe(101);
      socket.destroy();
    }
    const { answer, text } = await openPolling(sockets.base, address);
    expect([answer.status, Number(answer.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'RATE_LIMIT_EXCEEDED', request_id: expect.any(String) } });
    const refused = await openRaw(sockets.base, {}, address);
    expect(refused.status).toBe(429);
    expect(await refused.gone).toBeLessThan(500);
    expect((await session.post('3')).status).toBe(200);
    expect((await openRaw(sockets.base, {}, from('203.0.113.2'))).status).toBe(101);
    const lines = sockets.log.filter((line) => line.includes('Socket handshakes are refused'));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'WARNING',
      client_ip: '203.0.113.1',
      message: expect.stringMatching(/RATE_LIMIT_SOCKETS.*TRUSTED_PROXIES/),
    });
  });

  it.each([
    ['for a session that there is none of', (address: string) => poll({ sid: 'nonsense' }, address)],
    [
      'for an upgrade of a session',
      async (address: string) => {
        const { sid } = await openPolling(sockets.base, from('203.0.113.99'));
        return (await openRaw(sockets.base, { sid }, from(address))).status;
      },
    ],
    ['with a method that no session uses', (address: string) => poll({}, address, 'PUT')],
    ['over another transport', (address: string) => poll({ transport: 'webtransport' }, address)],
  ])('count a request %s', async (what, ask) => {
    // An IPv6 network counts as one address.
    const at = (host: number) => `2001:db8:${what.length}::${host}`;
    const statuses: number[] = [];
    for (let host = 1; host <= 6; host++)
      statuses.push(host < 6 ? await poll({ sid: 'x' }, at(host)) : await ask(at(host)));
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429]);
  });

  it.each(['websocket', 'h2c'])(
    'are made at the sockets only: elsewhere %s is not heeded and the request answered',
    async (protocol) => {
      const headers = { Connection: 'Upgrade, close', Upgrade: protocol };
      const { status, headers: answered } = await sendRaw(sockets.base, rawRequest('GET', '/health/live', headers));
      expect([status, answered.connection]).toEqual([200, 'close']);
    },
  );

  it('may break off while they are counted, and the process lives', async () => {
    const limiter = sockets.app.get(RateLimiter);
    const slow = jest.spyOn(limiter, 'consume').mockImplementation(async () => {
      await sleep(100);
      return { ...(await limiter.peek('default', 'somebody')), allowed: true };
    });
    const socket = await askForWebSocket(sockets.base, {}, from('203.0.113.7'));
    await until(() => slow.mock.calls.length === 1);
    // Without a listener the error of the connection would be nobody's, and the end of the process.
    socket.resetAndDestroy();
    await sleep(200);
    slow.mockRestore();
    expect(await poll({}, '203.0.113.8')).toBe(200);
  });

  async function poll(query: Record<string, string>, address: string, method = 'GET'): Promise<number> {
    const url = `${sockets.base}/socket.io/?${new URLSearchParams({ EIO: '4', transport: 'polling', ...query }).toString()}`;
    const answer = await fetch(url, { method, headers: from(address) });
    await answer.body?.cancel();
    return answer.status;
  }
});

/** What long polling posts: `count` packets in one body. */
function payload(packet: string, count: number): string {
  return Array(count).fill(packet).join('\x1e');
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 100 && !condition(); round++) await sleep(20);
  expect(condition()).toBe(true);
}

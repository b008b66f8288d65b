import { randomBytes } from 'node:crypto';
import { CacheConfig, RedisConnections } from '@platform/cache';
import { CoreConfig, LoadedSettings } from '@platform/config';
import { Clock, SystemClock } from '@platform/kernel';
import { RateLimitConfig, RateLimiter, type RateDecision, SlidingWindowStorage } from '@platform/security';
import { Redis } from 'ioredis';
import { describeWithRedis } from '../../../../test/support/services';
import { TcpGate } from '../../../../test/support/tcp-gate';

const prefix = `test-${randomBytes(6).toString('hex')}`;

/** Ten minutes wrong, as a process on a badly kept machine. */
class WrongClock extends Clock {
  now(): Date {
    return new Date(Date.now() + 600_000);
  }
}

interface LimiterProcess {
  readonly limiter: RateLimiter;
  readonly storage: SlidingWindowStorage;
  readonly connections: RedisConnections;
}

const started: RedisConnections[] = [];
const gates: TcpGate[] = [];

afterAll(async () => {
  for (const connections of started) connections.onApplicationShutdown();
  for (const gate of gates) await gate.close();
});

async function startProcess(url: string, clock: Clock = new SystemClock()): Promise<LimiterProcess> {
  const loaded = LoadedSettings.load([CoreConfig, CacheConfig, RateLimitConfig], {
    REDIS_URL: url,
    REDIS_PREFIX: prefix,
    RATE_LIMIT_DEFAULT: '100/minute',
    RATE_LIMIT_AI: '4/second',
    SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
  });
  const connections = new RedisConnections(loaded.get(CoreConfig), loaded.get(CacheConfig));
  started.push(connections);
  const config = loaded.get(RateLimitConfig);
  const storage = new SlidingWindowStorage(config, connections, clock);
  await connections.onModuleInit();
  return { limiter: new RateLimiter(config, storage, clock), storage, connections };
}

async function gateBefore(url: string): Promise<TcpGate> {
  const gate = await TcpGate.before(url);
  gates.push(gate);
  return gate;
}

function allowedIn(decisions: readonly RateDecision[]): number {
  return decisions.filter((decision) => decision.allowed).length;
}

describeWithRedis('limits that processes share', (url) => {
  it('allow exactly 100 of 1,000 calls at once in two processes, one of them with a wrong clock', async () => {
    const [one, other] = await Promise.all([startProcess(url), startProcess(url, new WrongClock())]);
    const calls = Array.from({ length: 1_000 }, (_, index) =>
      (index % 2 === 0 ? one : other).limiter.consume('default', 'ip:192.0.2.1'),
    );
    expect(allowedIn(await Promise.all(calls))).toBe(100);
    expect(await one.limiter.consume('default', 'ip:192.0.2.1')).toMatchObject({ allowed: false, remaining: 0 });
    expect(await other.limiter.consume('default', 'ip:192.0.2.2')).toMatchObject({ allowed: true, remaining: 99 });
  });

  it('let five of fifty calls at once about one account through, from one address in two processes', async () => {
    const [one, other] = await Promise.all([startProcess(url), startProcess(url)]);
    const policy = one.limiter.policy('auth.login');
    const fifty = async (value: string, address: string) => {
      const calls = Array.from({ length: 50 }, (_, index) =>
        (index % 2 === 0 ? one : other).limiter.consumeKeyed(policy, { value }, address),
      );
      return allowedIn(await Promise.all(calls));
    };
    // What the key refuses does not count for the address, so all ten of them find their five.
    for (let key = 0; key < 10; key++) expect(await fifty(`account-${key}`, '192.0.2.7')).toBe(5);
    expect(await fifty('account-10', '192.0.2.7')).toBe(0);
    // Nor did the address's refusal count for the key.
    expect(await fifty('account-10', '192.0.2.8')).toBe(5);
    const device = { value: 'device', holder: 'account-0' };
    expect((await other.limiter.consumeKeyed(policy, device, '192.0.2.7')).allowed).toBe(true);
  });

  it('ask Redis once for both buckets of a call', async () => {
    const { limiter } = await startProcess(url);
    const consume = () => limiter.consumeKeyed(limiter.policy('auth.login'), { value: 'once' }, '192.0.2.9');
    await consume();
    const sent = jest.spyOn(Redis.prototype, 'sendCommand');
    await consume();
    expect(sent).toHaveBeenCalledTimes(1);
    sent.mockRestore();
  });

  it('look without counting', async () => {
    const { limiter } = await startProcess(url);
    expect(await limiter.peek('auth.login', 'ip:looked')).toMatchObject({ allowed: true, remaining: 5 });
    expect(await limiter.peek('auth.login', 'ip:looked')).toMatchObject({ allowed: true, remaining: 5 });
  });

  it('never allow more than the limit in any span of one window, and open again at the time they named', async () => {
    const { limiter } = await startProcess(url);
    const allowedAt: number[] = [];
    const end = Date.now() + 3_500;
    while (Date.now() < end) {
      const before = Date.now();
      if ((await limiter.consume('ai', 'user:steady')).allowed) allowedAt.push(before);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const worst = Math.max(...allowedAt.map((from) => allowedAt.filter((at) => at >= from && at < from + 950).length));
    expect(worst).toBe(4);
    // A window and a slice (1.0625 s) after the first four come the next: three rounds at least fit.
    expect(allowedAt.length).toBeGreaterThanOrEqual(12);
  });

  it('give places back one by one, as the calls that took them get old', async () => {
    const { limiter } = await startProcess(url);
    const take = async (calls: number) => {
      const decisions: RateDecision[] = [];
      for (let call = 0; call < calls; call++) decisions.push(await limiter.consume('ai', 'user:pairs'));
      return allowedIn(decisions);
    };
    expect(await take(2)).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await take(3)).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect(await take(3)).toBe(2);
  });

  it('take no more memory per subject than its live slices, and none once its window is over', async () => {
    const { limiter, connections } = await startProcess(url);
    await limiter.consume('ai', 'user:gone');
    const key = connections.key('limit', 'ai', 'user:gone');
    const client = connections.client();
    expect(await client?.hlen(key)).toBe(1);
    expect(await client?.pttl(key)).toBeLessThanOrEqual(1_063);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await client?.exists(key)).toBe(0);
  });

  it('count on when Redis has forgotten the script', async () => {
    const { limiter, connections } = await startProcess(url);
    await connections.client()?.script('FLUSH');
    expect(await limiter.consume('auth.login', 'ip:flushed')).toMatchObject({ allowed: true, remaining: 4 });
  });
});

describeWithRedis('limits without their Redis', (url) => {
  it('are held by each process on its own, without an error', async () => {
    const gate = await gateBefore(url);
    const { limiter } = await startProcess(gate.url);
    gate.set('refuse');
    const before = performance.now();
    const decisions = await Promise.all(Array.from({ length: 1_000 }, () => limiter.consume('default', 'ip:alone')));
    expect(allowedIn(decisions)).toBe(100);
    expect(performance.now() - before).toBeLessThan(400);
  });

  it('cost one short wait when Redis is frozen, and none while it is left alone', async () => {
    const gate = await gateBefore(url);
    const { limiter } = await startProcess(gate.url);
    await limiter.consume('default', 'ip:frozen');
    gate.set('freeze');
    const first = performance.now();
    await limiter.consume('default', 'ip:frozen');
    expect(performance.now() - first).toBeLessThan(900);
    const then = performance.now();
    for (let call = 0; call < 50; call++) await limiter.consume('default', 'ip:frozen');
    expect(performance.now() - then).toBeLessThan(100);
  });

  it('are shared again once Redis is back', async () => {
    const gate = await gateBefore(url);
    const { limiter } = await startProcess(gate.url);
    const { limiter: other } = await startProcess(url);
    for (let call = 0; call < 5; call++) await other.consume('auth.login', 'ip:back');
    gate.set('refuse');
    expect((await limiter.consume('auth.login', 'ip:back')).allowed).toBe(true);
    gate.set('pass');
    const deadline = Date.now() + 8_000;
    while ((await limiter.peek('auth.login', 'ip:back')).allowed && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await limiter.peek('auth.login', 'ip:back')).allowed).toBe(false);
  }, 20_000);
});

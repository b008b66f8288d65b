import { type RedisConnections } from '@platform/cache';
import { LoadedSettings } from '@platform/config';
import { BootRefused, Clock } from '@platform/kernel';
import { RateLimitConfig } from './rate-limit.config';
import { type CallKey } from './rate-limit-key';
import { addressSubject, networkOf, type RateDecision, RateLimiter } from './rate-limiter';
import { SlidingWindowStorage } from './sliding-window-storage';

class SetClock extends Clock {
  time = Date.UTC(2026, 10, 22, 12);
  now(): Date {
    return new Date(this.time);
  }
}

const settingsOf = (environment: Record<string, string>) =>
  LoadedSettings.load([RateLimitConfig], environment).get(RateLimitConfig);

function build(environment: Record<string, string> = {}) {
  const config = settingsOf(environment);
  const clock = new SetClock();
  // Without REDIS_URL there is no connection; the storage asks for nothing else.
  const connections = { dedicated: () => undefined } as unknown as RedisConnections;
  const limiter = new RateLimiter(config, new SlidingWindowStorage(config, connections, clock), clock);
  return { limiter, clock };
}

describe('the rate limiter', () => {
  it('has the policies of the configuration, with the documented defaults', () => {
    const { limiter } = build({ RATE_LIMIT_AI: '3/second' });
    expect(limiter.policies()).toEqual([
      { name: 'default', limit: 60, windowSeconds: 60 },
      { name: 'authenticated', limit: 120, windowSeconds: 60 },
      { name: 'ai', limit: 3, windowSeconds: 1 },
      { name: 'auth.login', limit: 5, windowSeconds: 60 },
      { name: 'auth.register', limit: 5, windowSeconds: 60 },
      { name: 'auth.mail', limit: 3, windowSeconds: 60 },
      { name: 'auth.refresh', limit: 30, windowSeconds: 60 },
      { name: 'contact', limit: 5, windowSeconds: 3_600 },
      { name: 'webhooks', limit: 1_000, windowSeconds: 60 },
    ]);
  });

  it.each([
    ['60', /RATE_LIMIT_AUTH_LOGIN .*Invalid rate limit format: 60/],
    ['60/week', /RATE_LIMIT_AUTH_LOGIN .*Invalid time unit: week/],
  ])('does not boot with the rate %p', (text, message) => {
    expect(() => settingsOf({ RATE_LIMIT_AUTH_LOGIN: text })).toThrow(BootRefused);
    expect(() => settingsOf({ RATE_LIMIT_AUTH_LOGIN: text })).toThrow(message);
  });

  it('names what replaced RATE_LIMIT_AUTH, and does not boot with it', () => {
    expect(() => settingsOf({ RATE_LIMIT_AUTH: '5/minute' })).toThrow(
      /RATE_LIMIT_AUTH .*replaced.*RATE_LIMIT_AUTH_LOGIN, RATE_LIMIT_AUTH_REGISTER, RATE_LIMIT_AUTH_MAIL, RATE_LIMIT_AUTH_REFRESH/,
    );
  });

  it('names the policies there are when asked for another', () => {
    expect(() => build().limiter.policy('fast')).toThrow(
      /no rate-limit policy 'fast': use one of default, authenticated/,
    );
  });

  it('says what both header families need', async () => {
    const { limiter, clock } = build();
    const decisions: RateDecision[] = [];
    for (let call = 0; call < 6; call++) decisions.push(await limiter.consume('auth.login', 'ip:192.0.2.1'));
    expect(decisions.map((decision) => decision.remaining)).toEqual([4, 3, 2, 1, 0, 0]);
    expect(decisions.map((decision) => decision.allowed)).toEqual([true, true, true, true, true, false]);
    const refused = decisions[5];
    expect(refused).toMatchObject({ limit: 5, policy: { name: 'auth.login' } });
    expect(refused?.retryAfter).toBeGreaterThanOrEqual(60);
    expect(refused?.retryAfter).toBeLessThanOrEqual(64);
    expect(refused?.resetAt).toBe(clock.time / 1_000 + (refused?.retryAfter ?? 0));
  });

  it('lets the caller in again at the moment that it named', async () => {
    const { limiter, clock } = build();
    for (let call = 0; call < 5; call++) await limiter.consume('auth.login', 'a');
    const { retryAfter } = await limiter.consume('auth.login', 'a');
    clock.time += retryAfter * 1_000;
    expect((await limiter.consume('auth.login', 'a')).allowed).toBe(true);
  });

  it('decides at once in memory, and in about a microsecond', () => {
    const { limiter } = build();
    const policy = limiter.policy('authenticated');
    expect(limiter.consume(policy, 'user:1')).not.toBeInstanceOf(Promise);
    const started = process.cpuUsage();
    for (let call = 0; call < 100_000; call++) void limiter.consume(policy, 'user:1');
    expect(process.cpuUsage(started).user / 100_000).toBeLessThan(20);
  });

  it('counts each policy for itself, so that a flood under one pushes nobody out of another', async () => {
    const { limiter } = build({ RATE_LIMIT_MEMORY_KEYS: '100' });
    for (let call = 0; call < 5; call++) await limiter.consume('auth.login', 'ip:192.0.2.1');
    for (let index = 0; index < 10_000; index++) await limiter.consume('default', `ip:${index}`);
    expect((await limiter.peek('auth.login', 'ip:192.0.2.1')).allowed).toBe(false);
  });
});

describe('calls that say whom they are about', () => {
  const ANN = { value: 'ann' };
  const HOME = '192.0.2.1';
  const AWAY = '198.51.100.1';

  /** How many of so many calls at once are allowed, under 5 a minute. */
  const allowed = async (limiter: RateLimiter, calls: number, key: CallKey | null, address: string) => {
    const policy = limiter.policy('auth.login');
    const made = Array.from({ length: calls }, () => limiter.consumeKeyed(policy, key, address));
    return (await Promise.all(made)).filter((decision) => decision.allowed).length;
  };

  it('count by key and address together: nobody elsewhere uses up what somebody has here', async () => {
    const { limiter } = build();
    expect(await allowed(limiter, 50, ANN, AWAY)).toBe(5);
    expect(await allowed(limiter, 50, ANN, HOME)).toBe(5);
    expect(await allowed(limiter, 50, { value: 'bob' }, AWAY)).toBe(5);
  });

  it('count by address, too, ten times the limit for all keys', async () => {
    const { limiter } = build();
    let through = 0;
    for (let key = 0; key < 100; key++) through += await allowed(limiter, 1, { value: `key-${key}` }, AWAY);
    expect(through).toBe(50);
    expect(await allowed(limiter, 1, ANN, AWAY)).toBe(0);
    expect(await allowed(limiter, 1, ANN, HOME)).toBe(1);
  });

  it('count as one where they name nobody', async () => {
    const { limiter } = build();
    expect(await allowed(limiter, 50, null, AWAY)).toBe(5);
    expect(await allowed(limiter, 50, ANN, AWAY)).toBe(5);
  });

  it('count by a signed key alone, wherever they come from, and by all keys of its holder', async () => {
    const { limiter } = build();
    const device = { value: 'device', holder: 'ann' };
    await allowed(limiter, 50, { value: 'device' }, HOME);
    await allowed(limiter, 50, ANN, HOME);
    expect([await allowed(limiter, 3, device, HOME), await allowed(limiter, 50, device, AWAY)]).toEqual([3, 2]);
    let through = 0;
    for (let key = 0; key < 100; key++) {
      through += await allowed(limiter, 1, { value: `device-${key}`, holder: 'bob' }, HOME);
    }
    expect(through).toBe(50);
  });

  it('count nowhere when one bucket refuses them', async () => {
    const { limiter } = build();
    // Forty-five of fifty are refused by the key's bucket: the address still has forty-five.
    await allowed(limiter, 50, ANN, AWAY);
    for (let key = 0; key < 9; key++) expect(await allowed(limiter, 50, { value: `key-${key}` }, AWAY)).toBe(5);
    expect(await allowed(limiter, 50, { value: 'one more' }, AWAY)).toBe(0);
    // The address refused that one, so its key was not counted and is free elsewhere.
    expect(await allowed(limiter, 50, { value: 'one more' }, HOME)).toBe(5);
  });

  it('tell of the bucket that refuses, else of the fuller one', async () => {
    const { limiter } = build();
    const policy = limiter.policy('auth.login');
    const of = (key: CallKey) => limiter.consumeKeyed(policy, key, AWAY);
    expect(await of(ANN)).toMatchObject({ allowed: true, limit: 5, remaining: 4, policy: { name: 'auth.login' } });
    for (let key = 0; key < 46; key++) await of({ value: `key-${key}` });
    expect(await of({ value: 'new' })).toMatchObject({ limit: 50, remaining: 2, policy: { name: 'auth.login.total' } });
    for (let call = 0; call < 5; call++) await of(ANN);
    expect(await of(ANN)).toMatchObject({ allowed: false, remaining: 0, policy: { name: 'auth.login.total' } });
  });

  it('are refused perhaps, and never free, when the table of keys is full', async () => {
    const { limiter } = build({ RATE_LIMIT_MEMORY_KEYS: '100' });
    const attacker = async () => allowed(limiter, 10, ANN, AWAY);
    expect(await attacker()).toBe(5);
    for (let address = 0; address < 1_000; address++) {
      await allowed(limiter, 5, { value: `key-${address}` }, `10.0.${address >> 8}.${address & 255}`);
    }
    expect(await attacker()).toBe(0);
  });
});

describe('the network of an address', () => {
  it('is the /24 in IPv4, also when it is mapped into IPv6, and the /64 in IPv6', () => {
    expect(networkOf('192.0.2.1')).toBe('192.0.2.0/24');
    expect(networkOf('::ffff:192.0.2.200')).toBe('192.0.2.0/24');
    expect(networkOf('192.0.3.1')).not.toBe(networkOf('192.0.2.1'));
    expect(networkOf('2001:db8:1:2::1')).toBe(networkOf('2001:db8:1:2:ffff::9'));
    expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'));
    expect(networkOf('nowhere')).toBe('nowhere');
  });
});

describe('the subject of an address', () => {
  it('is the address in IPv4, also when it is mapped into IPv6', () => {
    expect(addressSubject('192.0.2.1')).toBe('ip:192.0.2.1');
    expect(addressSubject('::ffff:192.0.2.1')).toBe('ip:192.0.2.1');
  });

  it('is the /64 in IPv6: one customer has one limit', () => {
    expect(addressSubject('2001:db8:1:2::1')).toBe(addressSubject('2001:db8:1:2:ffff::9'));
    expect(addressSubject('2001:db8:1:3::1')).not.toBe(addressSubject('2001:db8:1:2::1'));
  });
});

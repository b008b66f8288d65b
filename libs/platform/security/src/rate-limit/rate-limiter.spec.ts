import { type RedisConnections } from '@platform/cache';
import { LoadedSettings } from '@platform/config';
import { BootRefused, Clock } from '@platform/kernel';
import { RateLimitConfig } from './rate-limit.config';
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
      { name: 'auth', limit: 5, windowSeconds: 60 },
      { name: 'contact', limit: 5, windowSeconds: 3_600 },
      { name: 'webhooks', limit: 1_000, windowSeconds: 60 },
    ]);
  });

  it.each([
    ['60', /RATE_LIMIT_AUTH .*Invalid rate limit format: 60/],
    ['60/week', /RATE_LIMIT_AUTH .*Invalid time unit: week/],
  ])('does not boot with the rate %p', (text, message) => {
    expect(() => settingsOf({ RATE_LIMIT_AUTH: text })).toThrow(BootRefused);
    expect(() => settingsOf({ RATE_LIMIT_AUTH: text })).toThrow(message);
  });

  it('names the policies there are when asked for another', () => {
    expect(() => build().limiter.policy('fast')).toThrow(
      /no rate-limit policy 'fast': use one of default, authenticated/,
    );
  });

  it('says what both header families need', async () => {
    const { limiter, clock } = build();
    const decisions: RateDecision[] = [];
    for (let call = 0; call < 6; call++) decisions.push(await limiter.consume('auth', 'ip:192.0.2.1'));
    expect(decisions.map((decision) => decision.remaining)).toEqual([4, 3, 2, 1, 0, 0]);
    expect(decisions.map((decision) => decision.allowed)).toEqual([true, true, true, true, true, false]);
    const refused = decisions[5];
    expect(refused).toMatchObject({ limit: 5, policy: { name: 'auth' } });
    expect(refused?.retryAfter).toBeGreaterThanOrEqual(60);
    expect(refused?.retryAfter).toBeLessThanOrEqual(64);
    expect(refused?.resetAt).toBe(clock.time / 1_000 + (refused?.retryAfter ?? 0));
  });

  it('lets the caller in again at the moment that it named', async () => {
    const { limiter, clock } = build();
    for (let call = 0; call < 5; call++) await limiter.consume('auth', 'a');
    const { retryAfter } = await limiter.consume('auth', 'a');
    clock.time += retryAfter * 1_000;
    expect((await limiter.consume('auth', 'a')).allowed).toBe(true);
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
    for (let call = 0; call < 5; call++) await limiter.consume('auth', 'ip:192.0.2.1');
    for (let index = 0; index < 10_000; index++) await limiter.consume('default', `ip:${index}`);
    expect((await limiter.peek('auth', 'ip:192.0.2.1')).allowed).toBe(false);
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

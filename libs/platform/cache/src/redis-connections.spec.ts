import { Logger } from '@nestjs/common';
import { CoreConfig, LoadedSettings } from '@platform/config';
import { CacheConfig } from './cache.config';
import { evictionProblem, RedisConnections } from './redis-connections';

describe('connections without REDIS_URL', () => {
  const loaded = LoadedSettings.load([CoreConfig, CacheConfig], {
    SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
  });
  const connections = new RedisConnections(loaded.get(CoreConfig), loaded.get(CacheConfig));

  it('are none, and nothing that asks for them fails', async () => {
    await connections.onModuleInit();
    await connections.ping();
    expect([connections.configured, connections.client(), connections.dedicated('x')]).toEqual([
      false,
      undefined,
      undefined,
    ]);
    connections.onApplicationShutdown();
  });

  it('name keys in the name space of the installation', () => {
    expect(connections.key('limit', 'auth', 'ip:192.0.2.1')).toBe('omnistack:limit:auth:ip:192.0.2.1');
  });
});

describe('a Redis that may throw keys away', () => {
  it.each(['allkeys-lru', 'volatile-ttl'])('is found fault with when its policy is %p', (policy) => {
    expect(evictionProblem(policy)).toMatch(new RegExp(`${policy}; set it to noeviction`));
  });

  it('is none under noeviction', () => {
    expect(evictionProblem('noeviction')).toBeUndefined();
  });
});

describe('what Redis refuses to a process', () => {
  const loaded = LoadedSettings.load([CoreConfig, CacheConfig], {
    SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
  });
  let connections: RedisConnections;
  let said: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    said = [];
    const hear = (...[line]: unknown[]): void => void said.push(String(line));
    jest.spyOn(Logger.prototype, 'error').mockImplementation(hear);
    jest.spyOn(Logger.prototype, 'log').mockImplementation(hear);
    connections = new RedisConnections(loaded.get(CoreConfig), loaded.get(CacheConfig));
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  const NO_CHANNELS = new Error('NOPERM No permissions to access a channel');

  it('is said once, whoever is refused, and kept for readiness until everybody is granted it', () => {
    expect([connections.refused('a', NO_CHANNELS), connections.refused('b', NO_CHANNELS)]).toEqual([true, true]);
    connections.granted('a');
    expect(said).toEqual([expect.stringContaining('`ACL SETUSER default &omnistack:*`')]);
    expect(connections.impairment).toBe(said[0]);

    connections.granted('b');
    connections.granted('b');
    expect(connections.impairment).toBeUndefined();
    expect(said.slice(1)).toEqual(['Redis refuses nothing any more']);
  });

  it('is tried again after ten seconds, once for each purpose', () => {
    const again = jest.fn();
    connections.refused('a', NO_CHANNELS, again);
    connections.refused('a', NO_CHANNELS, again);
    jest.advanceTimersByTime(9_999);
    expect(again).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('is nothing in an outage, which passes', () => {
    expect(connections.refused('a', new Error('connect ECONNREFUSED'), () => undefined)).toBe(false);
    expect([connections.impairment, said, jest.getTimerCount()]).toEqual([undefined, [], 0]);
  });

  it('is not tried again by a process that ends', () => {
    connections.refused('a', NO_CHANNELS, () => undefined);
    connections.onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
  });
});

import { CoreConfig, LoadedSettings } from '@platform/config';
import { CacheConfig } from './cache.config';
import { evictionFinding, RedisConnections } from './redis-connections';

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
    expect(evictionFinding(policy)).toMatch(new RegExp(`${policy}; set it to noeviction`));
  });

  it('is none under noeviction', () => {
    expect(evictionFinding('noeviction')).toBeUndefined();
  });
});

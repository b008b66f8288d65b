import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithOwnRedis } from '../../../../test/support/own-redis';
import { type CacheProcess, millisecondsUntil, prefix, startProcess } from './process';

/** Long enough for a process that tries again at once to be seen. */
const WATCHED_MS = 1_000;

describeWithOwnRedis('a process whose Redis refuses', (redis) => {
  let process: CacheProcess | undefined;
  afterEach(() => process?.stop());

  async function connectionsMade(): Promise<number> {
    const before = await redis().count('total_connections_received');
    await sleep(WATCHED_MS);
    return (await redis().count('total_connections_received')) - before;
  }

  it('channels, names the right, keeps nothing long and hears again when it is granted', async () => {
    await redis().allow('deaf', '>pw', '~*', '+@all');
    process = await startProcess(redis().url('deaf:pw'));
    const { cache, channel, connections } = process;
    await millisecondsUntil(() => connections.impairment !== undefined);

    expect(connections.impairment).toBe(
      `Redis refuses the channels ${prefix}:* to the user deaf of REDIS_URL: grant it by \`ACL SETUSER deaf &${prefix}:*\``,
    );
    expect(channel.listening).toBe(false);
    expect(await connectionsMade()).toBe(0);
    cache.invalidate('k');
    expect(await connectionsMade()).toBe(0);

    await redis().allow('deaf', `&${prefix}:*`);
    await redis().operator.call('CLIENT', 'KILL', 'USER', 'deaf');
    await millisecondsUntil(() => channel.listening);
  });

  it('channels since a moment ago, survives and says so', async () => {
    await redis().allow('watched', '>pw', '~*', '&*', '+@all');
    process = await startProcess(redis().url('watched:pw'));
    const { channel, connections } = process;
    await millisecondsUntil(() => channel.listening);

    await redis().allow('watched', 'resetchannels');
    await millisecondsUntil(() => connections.impairment !== undefined);
    expect(channel.listening).toBe(false);
  });

  it.each([
    ['its password', () => redis().url('known:wrong'), /refuses the user and password of REDIS_URL/],
    [
      'its database number',
      () => redis().url('known:pw', 99),
      /REDIS_URL names a database that this Redis does not have/,
    ],
  ])('%s, names the setting, and does not knock at once again', async (_what, url, line) => {
    await redis().allow('known', '>pw', '~*', '&*', '+@all');
    process = await startProcess(url());
    const { connections } = process;
    await millisecondsUntil(() => connections.impairment !== undefined);

    expect(connections.impairment).toMatch(line);
    // A connection that asked before it was refused may be on its way.
    await sleep(100);
    expect(await connectionsMade()).toBe(0);
    expect(connections.client()).toBeUndefined();
    await expect(connections.ping()).rejects.toThrow('REDIS_URL');
  });

  it('whoever names nobody, names the setting', async () => {
    await redis().allow('default', 'resetpass', '>pw');
    process = await startProcess(redis().url());
    const { connections } = process;
    await millisecondsUntil(() => connections.impairment !== undefined);

    expect(connections.impairment).toContain('write user:password@ before its host');
  });
});

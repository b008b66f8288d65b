import { describeWithRedis } from '../../../../test/support/services';
import { TcpGate } from '../../../../test/support/tcp-gate';
import { type CacheProcess, millisecondsUntil, prefix, startProcess } from './process';

describeWithRedis('two processes that share Redis', (url) => {
  let gate: TcpGate;
  let here: CacheProcess;
  let there: CacheProcess;

  beforeAll(async () => {
    gate = await TcpGate.before(url);
    here = await startProcess(url);
    there = await startProcess(gate.url);
    await millisecondsUntil(() => here.channel.listening && there.channel.listening);
  });
  afterAll(async () => {
    here.stop();
    there.stop();
    await gate.close();
  });
  afterEach(async () => {
    gate.set('pass');
    await millisecondsUntil(() => there.channel.listening && there.connections.client() !== undefined);
    here.cache.invalidateTag('all');
    there.cache.invalidateTag('all');
  });

  const keep = (process: CacheProcess, key: string, ttlMs = 60_000) =>
    process.cache.getOrCompute(key, ttlMs, () => Promise.resolve('kept'), { tags: ['all'] });

  it('forget a key in both within two seconds of its invalidation', async () => {
    await Promise.all([keep(here, 'k'), keep(there, 'k'), keep(there, 'other')]);
    here.cache.invalidate('k');
    expect(await millisecondsUntil(() => there.cache.get('k') === undefined)).toBeLessThan(2_000);
    expect(there.cache.get('other')).toBe('kept');
  });

  it('forget all that carries a tag in both', async () => {
    await Promise.all([keep(there, 'a'), keep(there, 'b')]);
    here.cache.invalidateTag('all');
    expect(await millisecondsUntil(() => there.cache.size === 0)).toBeLessThan(2_000);
  });

  it('forget everything when the connection breaks, for an invalidation may have been missed', async () => {
    await keep(there, 'k');
    gate.set('refuse');
    expect(await millisecondsUntil(() => there.cache.get('k') === undefined)).toBeLessThan(2_000);
  });

  it('keep nothing longer than two seconds while the connection is broken', async () => {
    gate.set('refuse');
    await millisecondsUntil(() => !there.channel.listening);
    await keep(there, 'k');
    expect(there.cache.get('k')).toBe('kept');
    expect(await millisecondsUntil(() => there.cache.get('k') === undefined)).toBeLessThan(2_100);
  });

  it('notice within two seconds that Redis is frozen: no socket closes', async () => {
    await keep(there, 'k');
    gate.set('freeze');
    expect(await millisecondsUntil(() => there.cache.get('k') === undefined)).toBeLessThan(2_500);
  });

  it('keep nothing whose computation began while invalidations were missed', async () => {
    gate.set('refuse');
    await millisecondsUntil(() => !there.channel.listening);
    let finish: (value: string) => void = () => undefined;
    const flight = there.cache.getOrCompute('k', 60_000, () => new Promise<string>((resolve) => (finish = resolve)));
    gate.set('pass');
    await millisecondsUntil(() => there.channel.listening);
    finish('read before the change');
    await flight;
    expect(there.cache.get('k')).toBeUndefined();
  });

  it('tell the others to forget everything when an invalidation could not be sent', async () => {
    gate.set('refuse');
    await millisecondsUntil(() => there.connections.client() === undefined);
    await keep(here, 'k');
    there.cache.invalidate('k');
    gate.set('pass');
    expect(await millisecondsUntil(() => here.cache.get('k') === undefined)).toBeLessThan(5_000);
  });

  it('survive a message on their channel that somebody else wrote', async () => {
    await keep(there, 'k');
    const client = here.connections.client();
    await client?.publish(`${prefix}:cache:invalidations`, 'not json');
    await client?.publish(`${prefix}:cache:invalidations`, '{"kind":"key","name":"k"}');
    await millisecondsUntil(() => there.cache.get('k') === undefined);
  });
});

describeWithRedis('connections to Redis', (url) => {
  it('answer a ping, and say so when they cannot', async () => {
    const gate = await TcpGate.before(url);
    const process = await startProcess(gate.url);
    await process.connections.ping();
    gate.set('refuse');
    await millisecondsUntil(() => process.connections.client() === undefined);
    await expect(process.connections.ping()).rejects.toThrow('REDIS_URL');
    gate.set('pass');
    await millisecondsUntil(() => process.connections.client() !== undefined);
    await process.connections.ping();
    process.stop();
    await gate.close();
  });

  it('give a command up after a second when Redis is frozen', async () => {
    const gate = await TcpGate.before(url);
    const process = await startProcess(gate.url);
    gate.set('freeze');
    const started = performance.now();
    await expect(process.connections.ping()).rejects.toThrow(/timed out/);
    expect(performance.now() - started).toBeLessThan(1_500);
    process.stop();
    await gate.close();
  });

  it('boot within about a second while Redis is away, without a client, and find it later', async () => {
    const gate = await TcpGate.before(url);
    gate.set('refuse');
    const started = performance.now();
    const process = await startProcess(gate.url);
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(process.connections.client()).toBeUndefined();
    gate.set('pass');
    await millisecondsUntil(() => process.connections.client() !== undefined);
    process.stop();
    await gate.close();
  });
});

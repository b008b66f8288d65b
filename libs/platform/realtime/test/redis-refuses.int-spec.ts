import { RedisConnections } from '@platform/cache';
import { eventually } from '../../../../test/support/app-process';
import { describeWithOwnRedis } from '../../../../test/support/own-redis';
import { Realtime } from '../src';
import { next, type SocketApp, startSockets } from './socket-app';

const UPDATE = { type: 'update', resource: 'project', action: 'updated', resource_id: 'p1' } as const;

describeWithOwnRedis('sockets whose Redis refuses channels', (redis) => {
  const started: SocketApp[] = [];
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  beforeAll(() => process.on('unhandledRejection', note));
  afterAll(async () => {
    process.off('unhandledRejection', note);
    for (const app of started) await app.close();
  });

  async function start(): Promise<SocketApp> {
    const app = await startSockets({ REDIS_URL: redis().url('app:pw'), REDIS_PREFIX: 'omni' });
    started.push(app);
    return app;
  }

  const impairment = ({ app }: SocketApp) => app.get(RedisConnections).impairment;

  it('work in their own process, say what is missing, and reach the others once it is granted', async () => {
    await redis().allow('app', '>pw', '~*', '+@all');
    const [one, two] = [await start(), await start()];
    const [here, there] = [await one.connected('ada'), await two.connected('ada')];
    await eventually('the right is named', async () => impairment(one));
    expect(impairment(one)).toBe(
      'Redis refuses the channels omni:* to the user app of REDIS_URL: grant it by `ACL SETUSER app &omni:*`',
    );
    const update = next(here, 'update');
    one.app.get(Realtime).toUser('ada', UPDATE);
    await update;

    await redis().allow('app', '&omni:*');
    // The connections of before are tried again in ten seconds; new ones at once.
    await redis().operator.call('CLIENT', 'KILL', 'USER', 'app');
    const reached = next(there, 'update', 10_000);
    const asking = setInterval(() => one.app.get(Realtime).toUser('ada', UPDATE), 100);
    await reached.finally(() => clearInterval(asking));
  });

  it('survive that a right is taken away, and say so', async () => {
    const [one] = started;
    if (!one) throw new Error('The test above starts it');
    await redis().allow('app', 'resetchannels');
    await eventually('the right is named again', async () => impairment(one)?.includes('ACL SETUSER app &omni:*'));
    const socket = await one.connected('grace');
    const update = next(socket, 'update');
    one.app.get(Realtime).toUser('grace', UPDATE);
    await update;
    expect(unhandled).toEqual([]);
  });
});

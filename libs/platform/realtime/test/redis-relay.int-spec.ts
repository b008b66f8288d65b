import { setTimeout as sleep } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CacheModule } from '@platform/cache';
import { ConfigModule } from '@platform/config';
import { DatabaseModule } from '@platform/database';
import { ObservabilityModule } from '@platform/observability';
import { describeWithRedis } from '../../../../test/support/services';
import { TcpGate } from '../../../../test/support/tcp-gate';
import { type Frame, Realtime, RealtimeSenderModule } from '../src';
import { ended, next, type SocketApp, startSockets } from './socket-app';

const UPDATE = { type: 'update', resource: 'project', action: 'updated', resource_id: 'p1' } as const;
const SECRET_KEY = 'a-key-of-the-tests-that-is-long-enough';

describeWithRedis('sockets of several processes', (url) => {
  const prefix = `omni_sockets_${process.pid}_${Date.now()}`;
  const environment = () => ({ REDIS_URL: url, REDIS_PREFIX: prefix });
  let one: SocketApp;
  let two: SocketApp;
  beforeAll(async () => {
    one = await startSockets(environment());
    two = await startSockets(environment());
    await sleep(200);
  });
  afterAll(async () => {
    await one.close();
    await two.close();
  });

  it('carry a frame to the person wherever the socket is, exactly once', async () => {
    const [here, there] = [await one.connected('ada'), await two.connected('ada')];
    const stranger = await two.connected('grace');
    const heard: [string, Frame][] = [];
    here.on('update', (frame: Frame) => heard.push(['here', frame]));
    there.on('update', (frame: Frame) => heard.push(['there', frame]));
    stranger.on('update', (frame: Frame) => heard.push(['stranger', frame]));
    one.app.get(Realtime).toUser('ada', UPDATE);
    two.app.get(Realtime).toUser('ada', UPDATE);
    await sleep(500);
    expect(heard.map(([who]) => who).sort()).toEqual(['here', 'here', 'there', 'there']);
    expect(heard[0]?.[1].data).toEqual({ resource: 'project', action: 'updated', resource_id: 'p1' });
  });

  it('bring a person into the room of a tenant and out of it in every process', async () => {
    const sockets = [await one.connected('mae'), await two.connected('mae')];
    const heard: number[] = [];
    sockets.forEach((socket, index) => socket.on('update', () => heard.push(index)));
    const tell = async () => {
      await sleep(300);
      one.app.get(Realtime).toOwner('acme', UPDATE);
      await sleep(300);
      return heard.splice(0).sort();
    };
    expect(await tell()).toEqual([]);
    one.app.get(Realtime).joinTenant('mae', 'acme');
    expect(await tell()).toEqual([0, 1]);
    two.app.get(Realtime).leaveTenant('mae', 'acme');
    expect(await tell()).toEqual([]);
  });

  it('end the sockets of a person in every process', async () => {
    const there = await two.connected('gone');
    const cut = ended(there);
    one.app.get(Realtime).disconnectUser('gone');
    expect(await cut).toBe('io server disconnect');
  });

  it('know who is online anywhere', async () => {
    await one.connected('left');
    await two.connected('right');
    const answer = await fetch(`${one.base}/api/v1/app/ws/status`, { headers: { authorization: 'Bearer admin' } });
    const status = (await answer.json()) as {
      online_user_ids: string[];
      local_users: number;
      total_online_users: number;
    };
    expect(status.online_user_ids).toEqual(expect.arrayContaining(['left', 'right']));
    expect(status.total_online_users).toBeGreaterThan(status.local_users);
  });

  it('hear a process that has no sockets', async () => {
    const modules = [DatabaseModule, ObservabilityModule, CacheModule, RealtimeSenderModule];
    const settings = {
      ENVIRONMENT: 'local',
      DATABASE_URL: 'sqlite::memory:',
      SECRET_KEY,
      LOG_LEVEL: 'ERROR',
      ...environment(),
    };
    @Module({ imports: [ConfigModule.load(modules, settings), ...modules] })
    class WorkerLikeModule {}
    const worker = await NestFactory.createApplicationContext(WorkerLikeModule, { logger: false, abortOnError: false });
    const socket = await two.connected('linus');
    const update = next(socket, 'update');
    worker.get(Realtime).toUser('linus', UPDATE);
    expect((await update).data).toMatchObject({ resource_id: 'p1' });
    const cut = ended(socket);
    worker.get(Realtime).disconnectUser('linus');
    expect(await cut).toBe('io server disconnect');
    await worker.close();
  });

  it('boot and work alone while Redis is away, and together when it is back', async () => {
    const gate = await TcpGate.before(url);
    gate.set('refuse');
    const alone = await startSockets({ ...environment(), REDIS_URL: gate.url });
    try {
      const socket = await alone.connected('solo');
      const update = next(socket, 'update');
      alone.app.get(Realtime).toUser('solo', UPDATE);
      await update;
      const status = await fetch(`${alone.base}/api/v1/app/ws/status`, { headers: { authorization: 'Bearer admin' } });
      expect(await status.json()).toMatchObject({ online_user_ids: ['solo'] });

      gate.set('pass');
      const together = next(socket, 'update', 10_000);
      const asking = setInterval(() => one.app.get(Realtime).toUser('solo', UPDATE), 100);
      await together.finally(() => clearInterval(asking));

      gate.set('refuse');
      await sleep(100);
      const stillAlone = next(socket, 'update');
      alone.app.get(Realtime).toUser('solo', UPDATE);
      await stillAlone;
    } finally {
      await alone.close();
      await gate.close();
    }
  });
});

import { getFlowProducerToken, getQueueToken, Processor, WorkerHost } from '@nestjs/bullmq';
import { Module, type Provider } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { type Environment } from '@platform/config';
import { BullMqModule } from './bullmq.module';
import { DomainQueues } from './engine/domain-queues';
import { hostOf } from './engine/jobs-host';
import { OwnQueue } from './engine/own-queue';

const EMBEDDED: Environment = { SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough' };

@Processor('letters')
class Postman extends WorkerHost {
  async process(): Promise<void> {}
}

@Processor('letters')
class Idler {}

/** As BullModule provides a queue; it is connected to nothing. */
const queue = (name: string): Provider => ({ provide: getQueueToken(name), useValue: {} });

async function boot(imports: object[], providers: Provider[]): Promise<void> {
  // Every entry is a module, static or dynamic.
  @Module({ imports: imports as NonNullable<Parameters<typeof Module>[0]['imports']>, providers })
  class Post {}
  const app = await NestFactory.createApplicationContext(Post, { logger: false, abortOnError: false });
  await app.close();
}

describe('A domain that uses BullModule', () => {
  describe('where the embedded engine carries the jobs', () => {
    const embedded = (...providers: Provider[]) => boot([BullMqModule.of(EMBEDDED, { works: true })], providers);

    it.each([
      ['its queue', queue('letters'), "Queue 'letters' (BullModule.registerQueue)"],
      [
        'its flow producer',
        { provide: getFlowProducerToken('letters'), useValue: {} },
        "Flow producer 'letters' (BullModule.registerFlowProducer)",
      ],
      ['its processor', Postman, "Postman (@Processor('letters'))"],
    ])('is told by the boot what to write instead of %s', async (_what, provider, told) => {
      await expect(embedded(provider)).rejects.toThrow(
        `- ${told}: the embedded engine has no BullMQ; write a job instead, which runs in every mode: defineJob()`,
      );
    });

    it('is told all of it at once', async () => {
      await expect(embedded(queue('letters'), queue('parcels'), Postman)).rejects.toMatchObject({
        problems: [
          expect.stringContaining("Queue 'letters'"),
          expect.stringContaining("Queue 'parcels'"),
          expect.stringContaining('Postman'),
        ],
      });
    });

    it('stands in the way of nobody else', async () => {
      await embedded();
    });

    it('costs nothing: BullMQ and its module are not loaded', () => {
      jest.isolateModules(() => {
        for (const name of ['bullmq', '@nestjs/bullmq']) {
          jest.doMock(name, () => {
            throw new Error(`${name} was loaded`);
          });
        }
        const { BullMqModule: alone } = require('@platform/queue') as typeof import('@platform/queue');
        const onPostgres = { ...EMBEDDED, DATABASE_URL: 'postgres://localhost/garden' };
        alone.of(EMBEDDED, { works: true });
        expect(() => alone.of(onPostgres, { works: true })).toThrow('bullmq was loaded');
      });
    });
  });

  describe('where BullMQ does', () => {
    const ours: Provider = {
      provide: OwnQueue,
      // Nothing of the queue is used here.
      useFactory: () => new OwnQueue({} as OwnQueue['queue'], hostOf('jobs', 1)),
    };
    const bullMq = (...providers: Provider[]) => boot([DiscoveryModule], [DomainQueues, ...providers]);

    it('may', async () => {
      await bullMq(ours, queue('letters'), Postman);
    });

    it.each([
      [
        'its processor, in a process that works on nothing',
        [queue('letters'), Postman],
        "- Postman (@Processor('letters')): this process works on no jobs; provide it in the worker module of its domain",
      ],
      [
        'a processor that is no WorkerHost',
        [ours, Idler],
        "- Idler (@Processor('letters')) does nothing: let its class extend WorkerHost",
      ],
      [
        'a queue named like ours',
        [ours, queue('jobs')],
        "- Queue 'jobs' (BullModule.registerQueue): the platform's own jobs go by this name; choose another",
      ],
    ])('is told by the boot of %s', async (_what, providers, message) => {
      await expect(bullMq(...providers)).rejects.toThrow(message);
    });
  });
});

import { Module } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { NoAudit } from '@platform/audit';
import { DECLARATIONS } from '@platform/config';
import { type Constructor, defineJob, domainEvent, type DomainDeclaration } from '@platform/kernel';
import { Meter } from '@platform/security';
import { DeclaredWork } from '../declared-work';
import { HandlerPorts } from './handler-ports';
import { HandlerRegistry } from './handler-registry';
import { Cron, JobHandler, OnDomainEvent } from './handler.decorators';

const Weigh = defineJob<{ stone: string }>({ name: 'quarry.weigh', summary: 'Weigh a stone' });
const Carve = defineJob<{ stone: string }>({ name: 'quarry.carve', summary: 'Carve a stone' });

class StoneFound extends domainEvent<{ stone: string }>('quarry.stone_found', 'A stone was found') {}

class Weigher {
  @JobHandler(Weigh)
  @NoAudit('a test')
  async weigh(): Promise<void> {}
}

class SecondWeigher {
  @JobHandler(Weigh)
  @NoAudit('a test')
  async weigh(): Promise<void> {}
}

class Carver {
  @JobHandler(Carve)
  @NoAudit('a test')
  async carve(_payload: { stone: string }): Promise<void> {}
}

class Finder {
  @OnDomainEvent(StoneFound)
  @NoAudit('a test')
  async found(_event: StoneFound): Promise<void> {}
}

class Silent {
  @JobHandler(Weigh)
  async weigh(): Promise<void> {}
}

class Charging {
  @JobHandler(Weigh)
  @Meter('stones.weighed')
  @NoAudit('a test')
  async weigh(): Promise<void> {}
}

class NeverOnTime {
  @Cron('61 * * * *', { name: 'quarry.ring' })
  @NoAudit('a test')
  async ring(): Promise<void> {}
}

class Bell {
  @Cron('0 6 * * *', { name: 'quarry.bell' })
  @NoAudit('a test')
  async morning(): Promise<void> {}

  @Cron('0 18 * * *', { name: 'quarry.bell' })
  @NoAudit('a test')
  async evening(): Promise<void> {}
}

async function boot(declaration: Omit<DomainDeclaration, 'name'>, handlers: Constructor[]): Promise<HandlerRegistry> {
  @Module({
    imports: [DiscoveryModule],
    providers: [
      { provide: DECLARATIONS, useValue: [{ name: 'quarry', ...declaration }] },
      DeclaredWork,
      HandlerPorts,
      HandlerRegistry,
      ...handlers,
    ],
  })
  class Quarry {}
  const app = await NestFactory.createApplicationContext(Quarry, { logger: false, abortOnError: false });
  return app.get(HandlerRegistry);
}

describe('The registry of handlers', () => {
  it('finds every method that does work and looks it up by name', async () => {
    const registry = await boot({ jobs: [Weigh, Carve], events: [StoneFound] }, [Weigher, Carver, Finder]);
    expect(registry.all().map(({ kind, name, place }) => [kind, name, place])).toEqual([
      ['job', 'quarry.weigh', 'Weigher.weigh'],
      ['job', 'quarry.carve', 'Carver.carve'],
      ['listener', 'Finder.found', 'Finder.found'],
    ]);
    expect(registry.listenersOf('quarry.stone_found')).toHaveLength(1);
  });

  it.each([
    ['a job without handler', { jobs: [Weigh, Carve] }, [Weigher], /'quarry\.carve' has no handler: write a method/],
    [
      'two handlers',
      { jobs: [Weigh] },
      [Weigher, SecondWeigher],
      /2 handlers \(Weigher\.weigh, SecondWeigher\.weigh\)/,
    ],
    ['a handler of an undeclared job', { jobs: [] }, [Weigher], /Weigher\.weigh handles job 'quarry\.weigh', which no/],
    [
      'a listener to an undeclared event',
      { events: [] },
      [Finder],
      /Finder\.found listens to event 'quarry\.stone_found'/,
    ],
    ['a cron expression that is none', {}, [NeverOnTime], /@Cron\('61 \* \* \* \*'\) on NeverOnTime\.ring is not/],
    [
      'two schedules of one name',
      {},
      [Bell],
      /Schedule 'quarry\.bell' stands for 2 methods \(Bell\.morning, Bell\.evening\)/,
    ],
    [
      'silence about the audit',
      { jobs: [Weigh] },
      [Silent],
      /Silent\.weigh does not say what it records: add @AuditLog/,
    ],
    [
      'a meter that nobody reads',
      { jobs: [Weigh] },
      [Charging],
      /Charging\.weigh says @Meter\('stones\.weighed'\), but/,
    ],
  ])('refuses to boot with %s, names it and says the fix', async (_what, declaration, handlers, message) => {
    await expect(boot(declaration, handlers)).rejects.toThrow(message);
  });

  it('names every problem at once', async () => {
    await expect(boot({ jobs: [Carve] }, [Weigher, NeverOnTime])).rejects.toMatchObject({
      problems: [expect.stringContaining('carve'), expect.stringContaining('weigh'), expect.stringContaining('61')],
    });
  });

  it('does not compile when the method takes another payload than the contract has', () => {
    class Mistaken {
      // @ts-expect-error a number is not the stone's name
      @JobHandler(Weigh)
      async weigh(_payload: { stone: number }): Promise<void> {}

      // @ts-expect-error the payload has no colour
      @JobHandler(Weigh)
      async paint(_payload: { stone: string; colour: string }): Promise<void> {}

      // @ts-expect-error the event has no price
      @OnDomainEvent(StoneFound)
      async sell(_event: { payload: { price: number } }): Promise<void> {}
    }
    expect(Mistaken).toBeDefined();
  });

  it('refuses a method that says two things', () => {
    expect(() => {
      class Both {
        @JobHandler(Weigh)
        @JobHandler(Carve)
        async work(): Promise<void> {}
      }
      return Both;
    }).toThrow('Both.work carries two of @JobHandler, @OnDomainEvent and @Cron: keep one');
  });
});

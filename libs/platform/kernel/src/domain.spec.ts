import { may, systemActor, ANONYMOUS } from './actor';
import { currentContext, runInContext } from './context';
import { declarationOf, Domain } from './domain';
import { domainEvent, eventType } from './domain-event';
import { defineJob } from './job';
import { definePermissions } from './permission';

class BedDug extends domainEvent<{ bed_id: string }>('garden.bed_dug', 'A bed was dug') {}

describe('contracts', () => {
  it('give an event its name on the wire', () => {
    const event = new BedDug({ bed_id: '1' });

    expect(eventType(event)).toBe('garden.bed_dug');
    expect(event.payload).toEqual({ bed_id: '1' });
  });

  it('give a job its defaults and cannot be changed afterwards', () => {
    const job = defineJob({ name: 'garden.dig', summary: 'Digs', attempts: 5 });

    expect(job).toMatchObject({ attempts: 5, backoffMs: 1_000, timeoutMs: 300_000 });
    expect(Object.isFrozen(job)).toBe(true);
  });

  it('give a permission its name and its roles', () => {
    expect(definePermissions({ 'garden.dig': { summary: 'Dig', roles: ['gardener'] } })).toEqual([
      { name: 'garden.dig', summary: 'Dig', roles: ['gardener'] },
    ]);
  });
});

describe('@Domain', () => {
  it('is read from the class that carries it and from no other', () => {
    @Domain({ name: 'garden' })
    class GardenModule {}
    class GreenhouseModule extends GardenModule {}

    expect(declarationOf(GardenModule)).toEqual({ name: 'garden' });
    expect(declarationOf(GreenhouseModule)).toBeUndefined();
  });
});

describe('may', () => {
  it('asks for the permission by its name', () => {
    const actor = { kind: 'user', id: '1', permissions: new Set(['garden.dig']) } as const;

    expect([may(actor, 'garden.dig'), may(actor, 'garden.burn')]).toEqual([true, false]);
  });

  it('grants everything to the system and nothing to a stranger', () => {
    expect([may(systemActor('relay'), 'garden.dig'), may(ANONYMOUS, 'garden.dig')]).toEqual([true, false]);
  });
});

describe('runInContext', () => {
  it('is seen by everything that the work awaits, and by nothing else', async () => {
    const seen = await runInContext({ requestId: 'a' }, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return currentContext()?.requestId;
    });

    expect(seen).toBe('a');
    expect(currentContext()).toBeUndefined();
  });
});

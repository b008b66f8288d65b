import { type DiscoveryService } from '@nestjs/core';
import { type Violation, Integrity, IntegrityRule } from './integrity';

const row = (id: string): Violation => ({ table: 'things', id, description: 'The thing has no owner' });

class OwnerRule {
  constructor(private readonly broken: readonly string[]) {}

  @IntegrityRule({ id: 'things.thing-has-owner', severity: 'critical', summary: 'Every thing has an owner' })
  async *search(): AsyncGenerator<Violation> {
    for (const id of this.broken) yield row(id);
  }
}

class NameRule {
  @IntegrityRule({ id: 'things.thing-has-name', severity: 'info', summary: 'Every thing has a name' })
  async *search(): AsyncGenerator<Violation> {
    yield row('unnamed');
  }
}

function integrity(...instances: unknown[]): Integrity {
  const getProviders = () => instances.map((instance) => ({ instance }));
  // Integrity reads nothing of a provider but its instance.
  return new Integrity({ getProviders } as unknown as DiscoveryService);
}

async function all<T>(items: AsyncGenerator<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('integrity rules', () => {
  it('are found among all providers, values and missing ones included, in the order of their ids', () => {
    const rules = integrity(new OwnerRule([]), null, undefined, 'a value', () => 1, {}, new NameRule()).rules();
    expect(rules.map(({ id }) => id)).toEqual(['things.thing-has-name', 'things.thing-has-owner']);
  });

  it('yield each row that breaks them, with the rule and its severity', async () => {
    const found = await all(integrity(new OwnerRule(['a', 'b']), new NameRule()).check());
    expect(found.map(({ id, rule, severity }) => [rule, severity, id])).toEqual([
      ['things.thing-has-name', 'info', 'unnamed'],
      ['things.thing-has-owner', 'critical', 'a'],
      ['things.thing-has-owner', 'critical', 'b'],
    ]);
  });

  it('are checked one by one when named', async () => {
    const checks = integrity(new OwnerRule(['a']), new NameRule());
    expect(await all(checks.check('things.thing-has-owner'))).toMatchObject([{ id: 'a' }]);
    expect(await all(checks.check('things.unknown'))).toEqual([]);
  });

  it('refuse to share an id', () => {
    expect(() => integrity(new NameRule(), new NameRule()).rules()).toThrow(
      /Two integrity rules have the id 'things.thing-has-name'/,
    );
  });
});

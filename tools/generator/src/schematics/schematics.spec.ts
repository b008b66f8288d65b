import { resolve } from 'node:path';
import { HostTree, type Rule, type SchematicContext } from '@angular-devkit/schematics';
import { normalize, virtualFs } from '@angular-devkit/core';
import { NodeJsSyncHost } from '@angular-devkit/core/node';
import { decision } from './decision.ts';
import { destroy } from './destroy.ts';
import { domain } from './domain.ts';
import { event } from './event.ts';
import { integrity } from './integrity.ts';
import { job } from './job.ts';
import { listener } from './listener.ts';
import { noun } from './noun.ts';

/** The repository, read from the disk; what is written stays in memory. */
function repository(): HostTree {
  return new HostTree(
    new virtualFs.ScopedHost(new NodeJsSyncHost(), normalize(resolve(import.meta.dirname, '../../../..'))),
  );
}

const SCHEMATICS = { decision, destroy, domain, event, integrity, job, listener };
const VEHICLE = ['plate:string:unique', 'notes:text?'];

function ruleOf([what = '', name = '', path, ...fields]: readonly string[]): Rule {
  const shared = fields.includes('--shared');
  if (what === 'noun')
    return noun({ name, path, fields: fields.filter((field) => field !== '--shared').join(' '), shared });
  if (what === 'domain') return domain({ name, with: path ?? 'api,worker,cli' });
  return SCHEMATICS[what as keyof typeof SCHEMATICS]({ name, path } as never);
}

/** Run one schematic; resolves with what it says. @throws what it refuses with */
async function run(tree: HostTree, words: readonly string[]): Promise<string> {
  const said: string[] = [];
  const context = { logger: { info: (text: string) => said.push(text) } };
  await ruleOf(words)(tree, context as unknown as SchematicContext);
  return said.join('\n');
}

/** What is refused: the words, and what the refusal says of thing, place and cure. */
const REFUSED: [string[], RegExp][] = [
  [['domain', 'projects'], /"projects" exists \(libs\/projects\) .*npm run generate noun projects/],
  [['domain', 'class'], /"class" is a reserved word .*take another word/],
  [['domain', 'a.b'], /no name: write letters/],
  [['domain', 'garden', 'mobile'], /unknown side "mobile": take some of api,worker,cli/],
  [['noun', 'garden', 'bed', 'name:string'], /no domain "garden".*npm run generate domain garden.*projects/],
  [
    ['noun', 'fleet', 'vehicle', 'plate:string'],
    /Vehicle exists \(.*vehicle.entity.ts\) with plate, notes, not with plate: add a migration/,
  ],
  [['noun', 'fleet', 'tyre', 'size:inch'], /"size:inch" has the unknown type "inch": take one of string/],
  [['noun', 'fleet', 'tyre'], /needs a field: write at least one/],
  [['noun', 'fleet', 'project', 'name:string'], /table "projects" belongs to libs\/projects.*take another noun/],
  [['noun', 'fleet', 'tyre', 'size:int', 'car:ref(fleet.car)'], /fleet\.car, which is not there: .*depot, vehicle/],
  [['noun', 'fleet', 'tyre', 'size:int', 'p:ref(projects.project)'], /not made by the generator.*take uuid/],
  [['noun', 'fleet', 'tyre', 'size:int', 'v:ref(fleet.vehicle)', '--shared'], /belongs to one person.*drop --shared/],
  [['job', 'fleet', 'Inspection'], /write a verb and a noun, such as InspectVehicle/],
  [['job', 'users', 'not a name'], /no name: write letters/],
  [['event', 'fleet', 'TyreBurst'], /write a noun of fleet and what happened to it, such as DepotRetired/],
  [['listener', 'fleet', 'TyreBurst'], /No contract has the event "TyreBurst".*ProjectCreated/],
  [['integrity', 'fleet', 'vehicle-is-clean'], /take one of .*vehicle-has-owner/],
  [['integrity', 'users', 'user-has-avatar'], /users has no cli side .*--with cli/],
  [['decision', 'Short'], /say what was decided, in one line/],
  [['destroy', 'users'], /users is REQUIRED in architecture.mjs/],
  [['destroy', 'garden'], /no domain "garden"/],
];

describe('the schematics', () => {
  const tree = repository();
  const contents = () =>
    tree.actions.map((action) => [action.kind, action.path, 'content' in action && String(action.content)]);

  beforeAll(async () => {
    await run(tree, ['domain', 'fleet']);
    await run(tree, ['noun', 'fleet', 'depot', 'name:string', '--shared']);
    await run(tree, ['noun', 'fleet', 'vehicle', ...VEHICLE]);
  }, 30_000);

  it.each(REFUSED)('refuse %j with the cure, and leave the tree as it is', async (words, message) => {
    const before = contents();
    await expect(run(tree, words)).rejects.toThrow(message);
    expect(contents()).toEqual(before);
  });

  it('change nothing when they are asked again', async () => {
    const all = [
      ['job', 'fleet', 'InspectVehicle'],
      ['event', 'fleet', 'VehicleRetired'],
      ['listener', 'fleet', 'VehicleRetired'],
      ['integrity', 'fleet', 'vehicle-has-owner'],
      ['decision', 'Keep vehicles in one table'],
    ];
    for (const words of all) expect(await run(tree, words)).toContain('Next:');
    const before = contents();
    for (const words of [['domain', 'fleet'], ['noun', 'fleet', 'vehicle', ...VEHICLE], ...all])
      expect(await run(tree, words)).toBe('Nothing to do: all of it is there already.');
    expect(contents()).toEqual(before);
  }, 30_000);

  it('declare the rows of people once for each noun, and those of everybody not at all', async () => {
    await run(tree, ['noun', 'fleet', 'tyre', 'size:int']);
    const declared = tree.readText('libs/fleet/src/fleet.subject-data.ts');
    const tables = [...declared.matchAll(/table: '(\w+)'/g)].map(([, table]) => table);
    expect(tables).toEqual(['vehicles', 'tyres']);
    expect(tree.readText('libs/fleet/src/fleet.module.ts')).toContain('subjectData: fleetSubjectData');
  }, 30_000);

  it('refuse to take away what another domain listens to, naming the file', async () => {
    await run(tree, ['domain', 'garden']);
    await run(tree, ['listener', 'garden', 'VehicleRetired']);
    await expect(run(tree, ['destroy', 'fleet'])).rejects.toThrow(
      /fleet is in use: change these first.*libs\/garden\/src\/worker\/vehicle-retired.listeners.ts/s,
    );
    await run(tree, ['destroy', 'garden']);
    await run(tree, ['destroy', 'fleet']);
    const before = repository();
    const others = tree.actions.filter(({ path }) => !path.startsWith('/docs/decisions/'));
    const changed = others.filter(
      (action) => !('content' in action) || before.readText(action.path) !== String(action.content),
    );
    expect(changed.map(({ path }) => path)).toEqual([]);
  }, 30_000);
});

import { type HostTree, type Rule } from '@angular-devkit/schematics';
import { fixtureRepository, runOn } from '../../test/fixture-repository.ts';
import { Changes } from '../changes.ts';
import { nextTimestamp } from '../workspace.ts';
import { decision } from './decision.ts';
import { destroy } from './destroy.ts';
import { domain } from './domain.ts';
import { event } from './event.ts';
import { integrity } from './integrity.ts';
import { job } from './job.ts';
import { listener } from './listener.ts';
import { resource } from './resource.ts';

const SCHEMATICS = { decision, destroy, domain, event, integrity, job, listener };
const VEHICLE = ['plate:string:unique', 'notes:text?'];

function ruleOf([what = '', name = '', path, ...fields]: readonly string[]): Rule {
  const shared = fields.includes('--shared');
  if (what === 'resource')
    return resource({ name, path, fields: fields.filter((field) => field !== '--shared').join(' '), shared });
  if (what === 'domain') return domain({ name, with: path ?? 'api,worker,cli' });
  return SCHEMATICS[what as keyof typeof SCHEMATICS]({ name, path } as never);
}

const run = (tree: HostTree, words: readonly string[]) => runOn(tree, ruleOf(words));

/** What is refused: the words, and what the refusal says of thing, place and fix. */
const REFUSED: [string[], RegExp][] = [
  [['domain', 'users'], /"users" exists \(libs\/users\) .*npm run generate resource users/],
  [['domain', 'testing'], /"testing" is what folders of tests are called: take another word/],
  [['domain', 'http'], /"http" would give `HttpWorkerModule` two meanings in apps\/worker\/src\/domains.ts/],
  [['domain', 'cache'], /"cache" would make a second class `CacheModule`, beside that of libs\/platform\/cache/],
  [['domain', 'define'], /"define" would give `definePermissions` two meanings in libs\/define\/src\/contract/],
  [['domain', 'a.b'], /no name: write letters/],
  [['domain', 'garden', 'mobile'], /unknown entry point "mobile": take some of api,worker,cli/],
  [
    ['resource', 'garden', 'bed', 'name:string'],
    /no domain "garden".*npm run generate domain garden.*fleet, users, auth/,
  ],
  [
    ['resource', 'fleet', 'vehicle', 'plate:string'],
    /Vehicle exists \(.*vehicle.entity.ts\) with plate, notes, not with plate: add a migration/,
  ],
  [['resource', 'fleet', 'tyre', 'size:inch'], /"size:inch" has the unknown type "inch": take one of string/],
  [['resource', 'fleet', 'tyre'], /needs a field: write at least one/],
  [['resource', 'fleet', 'session', 'name:string'], /table "sessions" belongs to libs\/auth.*take another resource/],
  [['resource', 'fleet', 'event', 'name:string'], /"event" would give `events` two meanings in .*events.service.ts/],
  [['resource', 'fleet', 'page', 'name:string'], /"page" would give `Page` two meanings in .*page.repository.ts/],
  [['resource', 'fleet', 'date', 'name:string'], /"date" would give `Date` two meanings in .*date.entity.ts/],
  [['resource', 'fleet', 'permission', 'name:string'], /a second class `PermissionDto`, beside that of libs\/auth/],
  [['resource', 'fleet', 'migration', 'name:string'], /plural "migrations" is a folder that every domain has/],
  [['resource', 'fleet', 'sqlite-thing', 'name:string'], /plural "sqlite-things" begins with what the database keeps/],
  [['resource', 'fleet', 'tyre', 'xmin:int'], /field "xmin" is a column that the database gives every table/],
  [['resource', 'fleet', 'tyre', 'size:int', 'values:json'], /field "values" is a keyword of SQL/],
  [
    ['resource', 'fleet', 'tyre', 'size:int', 'state:enum(a|b)', 'changes:enum(a|b)'],
    /field "changes" would give `TyreChanges` two meanings in .*such as tyre-changes/,
  ],
  [
    ['resource', 'fleet', 'tyre', 'size:int', 'to-string:string'],
    /field "to-string" is a member that every object has/,
  ],
  [
    ['resource', 'fleet', 'new-vehicle', 'size:int'],
    /would give `NewVehicle` two meanings in libs\/fleet\/src\/index.ts/,
  ],
  [
    ['resource', 'fleet', `tyre-${'x'.repeat(34)}`, 'size:int'],
    /is 6\d characters long, and PostgreSQL tells names apart by 63/,
  ],
  [['resource', 'fleet', 'tyre', 'size:int', 'car:ref(fleet.car)'], /fleet\.car, which is not there: .*depot, vehicle/],
  [['resource', 'fleet', 'tyre', 'size:int', 'p:ref(auth.session)'], /not made by the generator.*take uuid/],
  [
    ['resource', 'fleet', 'tyre', 'size:int', 'v:ref(fleet.vehicle)', '--shared'],
    /belongs to one person.*drop --shared/,
  ],
  [['job', 'fleet', 'Inspection'], /write a verb and a resource, such as InspectVehicle/],
  [['job', 'users', 'not a name'], /no name: write letters/],
  [['event', 'fleet', 'TyreBurst'], /write a resource of fleet and what happened to it, such as DepotRetired/],
  [['job', 'fleet', 'AuditLog'], /job "AuditLog" would give `AuditLog` two meanings in .*audit-log.handler.ts/],
  [['listener', 'fleet', 'TyreBurst'], /No contract has the event "TyreBurst".*UserRegistered/],
  [['integrity', 'fleet', 'vehicle-is-clean'], /take one of .*vehicle-has-owner/],
  [['integrity', 'users', 'user-has-avatar'], /take one of .*user-has-/],
  [['decision', 'Short'], /say what was decided, in one line/],
  [['destroy', 'users'], /users is REQUIRED in architecture.mjs/],
  [['destroy', 'garden'], /no domain "garden"/],
];

describe('the schematics', () => {
  const tree = fixtureRepository();
  const contents = () =>
    tree.actions.map((action) => [action.kind, action.path, 'content' in action && String(action.content)]);

  beforeAll(async () => {
    await run(tree, ['domain', 'fleet']);
    await run(tree, ['resource', 'fleet', 'depot', 'name:string', '--shared']);
    await run(tree, ['resource', 'fleet', 'vehicle', ...VEHICLE]);
  }, 30_000);

  it.each(REFUSED)('refuse %j with the fix, and leave the tree as it is', async (words, message) => {
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
    for (const words of [['domain', 'fleet'], ['resource', 'fleet', 'vehicle', ...VEHICLE], ...all])
      expect(await run(tree, words)).toBe('Nothing to do: all of it is there already.');
    expect(contents()).toEqual(before);
  }, 30_000);

  it('let any number of domains hear of one event and do jobs of one name, under names of their own', async () => {
    const branch = tree.branch() as HostTree;
    await run(branch, ['domain', 'garage', 'worker']);
    for (const domain of ['fleet', 'garage']) {
      await run(branch, ['listener', domain, 'VehicleDeleted']);
      await run(branch, ['job', domain, 'WashVehicle']);
    }
    const worker = (domain: string) => branch.readText(`libs/${domain}/src/worker/${domain}-worker.module.ts`);
    for (const name of ['VehicleDeletedListeners', 'WashVehicleHandler']) {
      expect(worker('fleet')).toContain(`Fleet${name}`);
      expect(worker('garage')).toContain(`Garage${name}`);
    }
  }, 30_000);

  it('need no entry point for what the operator does: migrations, rules and seeders are the domain’s', async () => {
    const branch = tree.branch() as HostTree;
    await run(branch, ['domain', 'geo', 'api']);
    await run(branch, ['resource', 'geo', 'box', 'name:string']);
    await run(branch, ['integrity', 'geo', 'box-has-owner']);
    expect(branch.readText('apps/domains.ts')).toMatch(/GeoModule[^]*CORES = \[[^]*GeoModule/);
    const core = branch.readText('libs/geo/src/geo.module.ts');
    const time = /migrations: \[CreateBoxes(\d{13})\]/.exec(core)?.[1];
    expect(Math.abs(Number(time) - Date.now())).toBeLessThan(60_000);
    expect(core).toContain('integrity: [BoxHasOwnerRule]');
    expect(branch.exists('libs/geo/src/cli/index.ts')).toBe(false);
  }, 30_000);

  it('name a migration by the time of day, or behind one of the future, and never twice', () => {
    const changes = new Changes(tree);
    const newest = nextTimestamp(changes, 0) - 1_000_000;
    expect(nextTimestamp(changes, newest + 5_000_000)).toBe(newest + 5_000_000);
    const behind = Array.from({ length: 8 }, () => nextTimestamp(changes, 1));
    expect(new Set(behind).size).toBeGreaterThan(6);
    expect(Math.min(...behind)).toBeGreaterThan(newest);
  });

  it('suggest what they accept: the next resource, the other word', async () => {
    const branch = tree.branch() as HostTree;
    const said = await run(branch, ['domain', `d${'x'.repeat(29)}`, 'api']);
    const [, words = ''] = /^ {2}npm run generate (resource .*)$/m.exec(said) ?? [];
    expect(await run(branch, words.split(' '))).toContain('Next:');
    const flags = await run(branch, ['domain', 'flags', 'api']);
    expect(flags).toMatch(/^ {2}npm run generate resource flags flag name:string -- --shared$/m);
    expect(await run(branch, ['resource', 'flags', 'flag', 'name:string', '--shared'])).toContain('Next:');
    const refusal = await run(branch, ['resource', 'fleet', 'event', 'name:string']).catch(String);
    const other = /such as (\S+)$/.exec(refusal)?.[1] ?? '';
    expect(await run(branch, ['resource', 'fleet', other, 'name:string'])).toContain('Next:');
  }, 60_000);

  it('declare the rows of people at the column of their owner, and those of everybody not at all', async () => {
    await run(tree, ['resource', 'fleet', 'tyre', 'size:int']);
    const owners = ['depot', 'vehicle', 'tyre'].map((one) =>
      tree.readText(`libs/fleet/src/entities/${one}.entity.ts`).includes('@OwnerColumn({ summary: '),
    );
    expect(owners).toEqual([false, true, true]);
    expect(tree.readText('libs/fleet/src/api/fleet-api.module.ts').match(/\.\.\.ownerHears\('\w+'/g)).toEqual([
      "...ownerHears('vehicle'",
      "...ownerHears('tyre'",
    ]);
  }, 30_000);

  it('refuse to take away what another domain listens to; then take all of it, and say what stays elsewhere', async () => {
    await run(tree, ['domain', 'garden']);
    await run(tree, ['listener', 'garden', 'VehicleRetired']);
    await expect(run(tree, ['destroy', 'fleet'])).rejects.toThrow(
      /fleet is in use: change these first.*libs\/garden\/src\/worker\/vehicle-retired.listeners.ts/s,
    );
    await run(tree, ['destroy', 'garden']);
    tree.create('test/e2e/platform/wheels.e2e-spec.ts', "const VEHICLES = '/api/v1/app/vehicles';");
    const said = await run(tree, ['destroy', 'fleet']);
    expect(said).toMatch(/depots, vehicles, tyres, .*`npm run omni -- db drop fleet` .*with --yes takes them away/);
    expect(said).toMatch(/its routes are spoken of in these files: .*\n +test\/e2e\/platform\/wheels.e2e-spec.ts/);
    tree.delete('test/e2e/platform/wheels.e2e-spec.ts');
    const before = fixtureRepository();
    const others = tree.actions.filter(({ path }) => !path.startsWith('/docs/decisions/'));
    const changed = others.filter(
      (action) => !('content' in action) || before.readText(action.path) !== String(action.content),
    );
    expect(changed.map(({ path }) => path)).toEqual([]);
  }, 30_000);
});

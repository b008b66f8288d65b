import { cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppProcess, freePort } from '../support/app-process';
import { describeEachDatabase } from '../support/databases';
import { RepositoryCopy, type Said } from './support/copy';
import { isReady, NextSteps, nextSteps } from './support/next-steps';

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const ACCESS = 'test/e2e/platform/access-rules.e2e-spec.ts';
const NEWCOMER = 'test/e2e/platform/health-and-docs.e2e-spec.ts';
const FLEET: string[][] = [
  ['domain', 'fleet', '--with', 'api,worker,cli'],
  ['resource', 'fleet', 'depot', 'name:string:unique', 'spaces:int:default=10', 'openedOn:date?', '--shared'],
  [
    ...['resource', 'fleet', 'vehicle', 'plate:string:unique', 'notes:text?', 'capacity:int:index', 'mileage:bigint'],
    ...['price:decimal', 'electric:boolean:default=false', 'builtOn:date', 'retiredAt:timestamp?'],
    ...['state:enum(new|used|sold):default=new', 'equipment:json?', 'chassis:uuid', 'depot:ref(fleet.depot)'],
  ],
  ['job', 'fleet', 'InspectVehicle'],
  ['event', 'fleet', 'VehicleRetired'],
  ['listener', 'fleet', 'VehicleRetired'],
  ['integrity', 'fleet', 'vehicle-has-owner'],
  ['decision', 'Keep vehicles in one table'],
  // Another domain that hears of the same event and has a job of the same name, and one without worker and command line.
  ['domain', 'garage', '--with', 'worker'],
  ['listener', 'garage', 'VehicleRetired'],
  ['job', 'garage', 'InspectVehicle'],
  ['domain', 'geo', '--with', 'api'],
  ['resource', 'geo', 'geo-item', 'name:string'],
  ['integrity', 'geo', 'geo-item-has-owner'],
];
const MADE = ['garage', 'geo', 'fleet'];

const ROUTES = ['depots', 'vehicles', 'geo-items'].flatMap((resource) => [`/app/${resource}`, `/app/${resource}/{id}`]);

describe('the generator', () => {
  let copy: RepositoryCopy;
  let next: NextSteps;
  const steps = new Set<string>();

  const mustSucceed = (said: Said): void => {
    if (said.status !== 0) throw new Error(said.output.slice(-6_000));
  };

  beforeAll(() => {
    copy = new RepositoryCopy();
    next = new NextSteps(copy);
    // What is compared at the end is what the generator leaves behind, not a reference that was stale before.
    mustSucceed(copy.node('scripts/docs.mjs'));
    copy.keep();
    // What was built from these sources serves again when they are back: one build less.
    cpSync(join(copy.root, 'dist'), join(copy.root, '.data/dist'), { recursive: true });
  }, 120_000);
  afterAll(() => copy.remove());

  it('writes nothing in a dry run, and says what it would', () => {
    const { output, status } = copy.generator('generate', 'domain', 'fleet', '--dry-run');
    expect([status, copy.differences()]).toEqual([0, '']);
    expect(output).toContain('libs/fleet/src/fleet.module.ts');
  });

  it('writes domains with resources of every field type, jobs, an event, listeners, rules and a decision', async () => {
    for (const words of FLEET) {
      const said = copy.generator('generate', ...words);
      mustSucceed(said);
      expect(said.output).toMatch(/^wrote|^changed/m);
      expect(said.output).toMatch(/Next:\n( {2}.+\n){3}$/);
      // What it suggests to generate is tried at once, while it is the next step; the rest when all is written.
      for (const step of nextSteps(said.output))
        if (step.startsWith('npm run generate ')) await next.run(step.replace(/( +# .*)?$/, ' --dry-run$1'));
        else steps.add(step);
    }
    expect(copy.differences()).toContain('libs/fleet/src/vehicles/vehicles.service.ts');
  }, 120_000);

  it('changes nothing when it is asked again', () => {
    const before = copy.state();
    for (const words of FLEET.slice(0, 3)) {
      expect(copy.generator('generate', ...words)).toEqual({
        status: 0,
        output: 'Nothing to do: all of it is there already.\n',
      });
    }
    expect(copy.state()).toBe(before);
  }, 60_000);

  it('refuses with the fix and exit code 1, and leaves the tree as it is', () => {
    const before = copy.state();
    const { output, status } = copy.generator('generate', 'domain', 'users');
    expect(status).toBe(1);
    expect(output).toMatch(/"users" exists \(libs\/users\) .*npm run generate resource users.*\nNothing was written/);
    expect(copy.state()).toBe(before);
  });

  it('refuses to edit a list that a person has reshaped, and prints the lines to add', () => {
    const path = join(copy.root, 'apps/api/src/domains.ts');
    const text = copy.read('apps/api/src/domains.ts');
    writeFileSync(path, text.replace('DOMAINS = [', 'DOMAINS = [...extra, '));
    const before = copy.state();
    const { output, status } = copy.generator('generate', 'domain', 'garden');
    expect(status).toBe(1);
    expect(output).toContain('domains.ts was reshaped');
    expect(output).toContain("    import { GardenApiModule } from '@api/garden';\n    DOMAINS: GardenApiModule\n");
    expect(copy.state()).toBe(before);
    writeFileSync(path, text);
  });

  it('is reached by `nest g`, too', () => {
    const nest = 'node_modules/@nestjs/cli/bin/nest.js';
    const { output, status } = copy.node(
      nest,
      'g',
      '-c',
      '@omnistack/generator',
      '-p',
      'api',
      'domain',
      'garden',
      '--dry-run',
    );
    expect([status, output]).toEqual([0, expect.stringContaining('CREATE libs/garden/src/garden.module.ts')]);
    expect(existsSync(join(copy.root, 'libs/garden'))).toBe(false);
  }, 60_000);

  it('writes what `npm run check` accepts, and routes that OpenAPI documents on v1 and v2', async () => {
    await next.run('npm run docs');
    await next.run('npm run check');
    // The document is the one that the copy has just written; v2 has the routes of v1, which its check has held.
    const { paths: documented } = JSON.parse(copy.read('docs/reference/openapi.v1.json')) as { paths: object };
    expect(Object.keys(documented)).toEqual(expect.arrayContaining(ROUTES.map((route) => `/api/v1${route}`)));
  }, 300_000);

  describeEachDatabase('writes what an operator migrates and checks, whatever entry points a domain has', (test) => {
    const environment = () => ({
      ...test.environment(),
      DB_MIGRATE_ON_BOOT: 'false',
      HOST: '127.0.0.1',
      WORKER: 'separate',
    });
    const omni = async (...words: string[]) => {
      const process = AppProcess.start('cli', environment(), test.dataDir(), words, copy.root);
      return { status: await process.ended(), output: process.output };
    };

    it('boots once `omni db migrate` has done what the boot asked for, and lists by an index', async () => {
      const api = { ...environment(), PORT: String(await freePort()) };
      const refused = AppProcess.start('api', api, test.dataDir(), [], copy.root);
      expect([await refused.ended(), refused.output]).toEqual([
        1,
        expect.stringMatching(/CreateGeoItems\d{13}.*omni -- db migrate/),
      ]);
      expect((await omni('db', 'migrate')).output).toMatch(/^applied CreateGeoItems\d{13}$/m);
      expect((await omni('db', 'explain', 'fleet')).output).toMatch(
        /^\d+ statements, 0 of them lists that read a whole table$/m,
      );
      expect((await omni('db', 'integrity')).output).toMatch(/^\d+ rules, no row breaks one/);
      expect(await omni('db', 'integrity', '--rule', 'geo.geo-item-has-owner')).toMatchObject({ status: 0 });
      for (const app of ['api', 'worker'] as const) {
        const worker = String(await freePort());
        const process = AppProcess.start(app, { ...api, WORKER_PORT: worker }, test.dataDir(), [], copy.root);
        const base = `http://127.0.0.1:${app === 'api' ? api.PORT : worker}`;
        await process.until(() => isReady(base), 'readiness', 60_000);
        expect(await process.stop()).toBe(0);
      }
      const dropped = await omni('db', 'drop', 'geo', '--yes');
      expect([dropped.status, dropped.output]).toEqual([0, expect.stringMatching(/^geo_items +0$/m)]);
      expect((await omni('db', 'migrate')).output).toMatch(/^applied CreateGeoItems\d{13}$/m);
    }, 180_000);
  });

  it('writes tests that pass, small, medium and large, and what the architecture tests allow', () => {
    const rules = ['names', 'openapi', 'style'].map((rule) => `test/architecture/${rule}.arch-spec.ts`);
    const said = copy.node(
      ...JEST,
      '--silent',
      '--maxWorkers=2',
      ...MADE.map((name) => `(libs|test/e2e)/${name}/`),
      ACCESS,
      NEWCOMER,
      ...rules,
    );
    mustSucceed(said);
    expect(said.output).toMatch(/^Tests: .*\b\d{3} passed/m);
    // As far as the generator is concerned: the rest of the tests has its own run.
    next.remember('npm test', said);
  }, 400_000);

  it('prints next steps that work', async () => {
    for (const step of steps) await next.run(step);
    expect(steps.size).toBeGreaterThan(5);
  }, 600_000);

  it('takes a domain away without a trace', () => {
    const decided = copy
      .differences()
      .split('\n')
      .filter((line) => line.includes('docs/decisions/'));
    rmSync(join(copy.root, 'dist'), { recursive: true });
    renameSync(join(copy.root, '.data/dist'), join(copy.root, 'dist'));
    for (const name of MADE) mustSucceed(copy.generator('destroy', 'domain', name));
    expect(
      copy
        .differences()
        .split('\n')
        .filter((line) => line && !decided.includes(line)),
    ).toEqual([]);
  }, 120_000);
});

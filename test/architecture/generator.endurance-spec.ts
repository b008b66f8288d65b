import { cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RepositoryCopy, type Said } from './support/copy';

const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const ACCESS = 'test/e2e/platform/laws-of-access.e2e-spec.ts';
const NEWCOMER = 'test/e2e/platform/health-and-docs.e2e-spec.ts';
const CRUISER = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs';
const FLEET: string[][] = [
  ['domain', 'fleet', '--with', 'api,worker,cli'],
  ['noun', 'fleet', 'depot', 'name:string:unique', 'spaces:int:default=10', 'openedOn:date?', '--shared'],
  [
    ...['noun', 'fleet', 'vehicle', 'plate:string:unique', 'notes:text?', 'capacity:int:index', 'mileage:bigint'],
    ...['price:decimal', 'electric:boolean:default=false', 'builtOn:date', 'retiredAt:timestamp?'],
    ...['state:enum(new|used|sold):default=new', 'equipment:json?', 'chassis:uuid', 'depot:ref(fleet.depot)'],
  ],
  ['job', 'fleet', 'InspectVehicle'],
  ['event', 'fleet', 'VehicleRetired'],
  ['listener', 'fleet', 'VehicleRetired'],
  ['integrity', 'fleet', 'vehicle-has-owner'],
  ['decision', 'Keep vehicles in one table'],
];

const ROUTES = ['depots', 'vehicles'].flatMap((noun) => [`/app/${noun}`, `/app/${noun}/{id}`]);

describe('the generator', () => {
  let copy: RepositoryCopy;

  const generateAll = (): Said[] => FLEET.map((words) => copy.generator('generate', ...words));
  const mustSucceed = (said: Said): void => {
    if (said.status !== 0) throw new Error(said.output.slice(-6_000));
  };

  beforeAll(() => {
    copy = new RepositoryCopy();
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

  it('writes a domain with nouns of every field type, a job, an event, a listener, a rule and a decision', () => {
    for (const said of generateAll()) {
      mustSucceed(said);
      expect(said.output).toMatch(/^wrote|^changed/m);
      expect(said.output).toMatch(/Next:\n( {2}.+\n){3}$/);
    }
    expect(copy.differences()).toContain('libs/fleet/src/vehicles/vehicles.service.ts');
  }, 60_000);

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

  it('refuses with the cure and exit code 1, and leaves the tree as it is', () => {
    const before = copy.state();
    const { output, status } = copy.generator('generate', 'domain', 'projects');
    expect(status).toBe(1);
    expect(output).toMatch(
      /"projects" exists \(libs\/projects\) .*npm run generate noun projects.*\nNothing was written/,
    );
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
    const paths = ['libs/fleet', 'test/e2e/fleet', 'apps', 'architecture.mjs'];
    const lanes = [
      [
        ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
        [CRUISER, '--config', '.dependency-cruiser.mjs', 'apps', 'libs'],
      ],
      [
        ['scripts/docs.mjs'],
        ['node_modules/prettier/bin/prettier.cjs', '--check', ...paths],
        ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', 'libs/fleet', 'test/e2e/fleet'],
      ],
    ];
    const runLane = async (steps: string[][]) => {
      for (const step of steps) mustSucceed(await copy.beside(...step));
    };
    await Promise.all(lanes.map(runLane));
    for (const version of ['v1', 'v2']) {
      // The document is the one that the copy has just written.
      const { paths: documented } = JSON.parse(copy.read(`docs/reference/openapi.${version}.json`)) as {
        paths: object;
      };
      expect(Object.keys(documented)).toEqual(expect.arrayContaining(ROUTES.map((route) => `/api/${version}${route}`)));
    }
  }, 240_000);

  it('writes tests that pass, small, medium and large, and what the laws allow', () => {
    const laws = ['names', 'style'].map((law) => `test/architecture/${law}.arch-spec.ts`);
    const said = copy.node(
      ...JEST,
      '--silent',
      '--maxWorkers=2',
      'libs/fleet',
      'test/e2e/fleet',
      ACCESS,
      NEWCOMER,
      ...laws,
    );
    mustSucceed(said);
    expect(said.output).toMatch(/^Tests: .*\b\d{3} passed/m);
  }, 300_000);

  it('takes a domain away without a trace', () => {
    const decided = copy
      .differences()
      .split('\n')
      .filter((line) => line.includes('docs/decisions/'));
    rmSync(join(copy.root, 'dist'), { recursive: true });
    renameSync(join(copy.root, '.data/dist'), join(copy.root, 'dist'));
    mustSucceed(copy.generator('destroy', 'domain', 'fleet'));
    expect(
      copy
        .differences()
        .split('\n')
        .filter((line) => line && !decided.includes(line)),
    ).toEqual([]);
  }, 120_000);
});

import {
  entriesOf,
  importLines,
  importsFrom,
  withArrayItem,
  withBlock,
  withContract,
  withDecoratorItem,
  withEntries,
  withEntry,
  withExport,
  withImport,
  withoutArrayItem,
  withoutEntry,
  withoutImport,
} from './source-edit.ts';

const file = (text: string, path = 'apps/api/src/domains.ts') => ({ path, text });
const DOMAINS =
  "import { A } from '@api/a';\nimport { C } from '@api/c';\n\n/** Served. */\nexport const DOMAINS = [A, C];\n";

describe('a list of domains', () => {
  it('is made longer and shorter again without a trace', () => {
    const longer = withArrayItem(withImport(file(DOMAINS), ['B'], '@api/b'), 'DOMAINS', 'B', []);
    expect(longer.text).toBe(
      "import { A } from '@api/a';\nimport { B } from '@api/b';\nimport { C } from '@api/c';\n\n/** Served. */\nexport const DOMAINS = [A, C, B];\n",
    );
    expect(withoutImport(withoutArrayItem(longer, 'DOMAINS', 'B'), '@api/b').text).toBe(DOMAINS);
  });

  it('stays as it is when the item is there', () => {
    expect(withArrayItem(withImport(file(DOMAINS), ['A'], '@api/a'), 'DOMAINS', 'A', []).text).toBe(DOMAINS);
    expect(importsFrom(file(DOMAINS), '@api/a')).toEqual(['A']);
  });

  it.each(['[A, ...OTHERS]', '[A, make()]', 'list()', '[A, isLarge ? B : C]'])(
    'that reads %s is refused with the lines to add',
    (list) => {
      expect(() => withArrayItem(file(`export const DOMAINS = ${list};\n`), 'DOMAINS', 'B', ['DOMAINS: B'])).toThrow(
        /domains\.ts was reshaped: .*Add by hand, then repeat:\n {4}DOMAINS: B/,
      );
    },
  );
});

describe('a module', () => {
  const MODULE = "@Module({ imports: [Core] })\n@Domain({ name: 'fleet' })\nexport class FleetModule {}\n";

  it('gets a list that it has not, in the order of the house', () => {
    const edited = withDecoratorItem(file(MODULE), 'Module', 'exports', 'Service');
    expect(withDecoratorItem(edited, 'Module', 'providers', 'Service').text).toContain(
      '@Module({ imports: [Core], providers: [Service], exports: [Service] })',
    );
  });

  it('declares what its contract exports, once, and what it lists beside that, too', () => {
    const once = withContract(file(`import { Core } from './core';\n\n${MODULE}`), 'events', 'VehicleSold');
    expect(once.text).toBe(
      "import * as contract from './contract';\nimport { Core } from './core';\n\n@Module({ imports: [Core] })\n" +
        "@Domain({ name: 'fleet', contract })\nexport class FleetModule {}\n",
    );
    expect(withContract(once, 'jobs', 'WashVehicle')).toBe(once);
    const listed = withContract(file(MODULE.replace("'fleet'", "'fleet', events: [A]")), 'events', 'VehicleSold');
    expect(listed.text).toContain("import { VehicleSold } from './contract';");
    expect(listed.text).toContain('events: [A, VehicleSold]');
  });

  it('knows a provider again that a formatter has broken into lines', () => {
    const call = "...ownerHears('vehicle', { created: [VehicleCreated] })";
    const broken = file(
      "@Module({\n  providers: [\n    ...ownerHears('vehicle', {\n      created: [VehicleCreated],\n    }),\n  ],\n})\nclass A {}\n",
    );
    expect(withDecoratorItem(broken, 'Module', 'providers', call)).toBe(broken);
    expect(withDecoratorItem(file(MODULE), 'Module', 'providers', call).text).toContain(`providers: [${call}]`);
  });

  it.each(['@Module(options)', '@Module({ providers: [...all] })', '@Module({ providers })', ''])(
    'with %s is refused',
    (head) => {
      const edit = () =>
        withDecoratorItem(file(`${head}\nexport class FleetModule {}\n`), 'Module', 'providers', 'Service');
      expect(edit).toThrow('@Module({ providers: [..., Service] })');
    },
  );
});

describe('a map', () => {
  const MAP = "export const DOMAINS = {\n  users: [],\n  'feature-flags': ['users'],\n};\n";

  it('is made longer and shorter again without a trace', () => {
    const longer = withEntry(file(MAP), 'DOMAINS', 'fleet-care', "['users']");
    expect([...entriesOf(longer, 'DOMAINS')]).toEqual([
      ['users', []],
      ['feature-flags', ['users']],
      ['fleet-care', ['users']],
    ]);
    expect(withoutEntry(longer, 'DOMAINS', 'fleet-care').text).toBe(MAP);
  });

  it('loses a name from every list', () => {
    expect(withEntries(file(MAP), 'DOMAINS', (names) => names.filter((name) => name !== 'users')).text).toContain(
      "'feature-flags': []",
    );
  });

  it('with anything but lists of names is refused', () => {
    expect(() => entriesOf(file('export const DOMAINS = { users: all };'), 'DOMAINS')).toThrow(/as lists of names/);
    expect(() => withEntry(file('export const DOMAINS = read();'), 'DOMAINS', 'fleet', '[]')).toThrow(/fleet: \[\],/);
  });
});

describe('the imports of a new file', () => {
  it('stand in the order of the house, each once, and none that is empty', () => {
    const lines = importLines([
      [['b', 'type A'], './a'],
      [['C'], '../c'],
      [[], '../d'],
      [['b'], './a'],
      [['Module'], '@nestjs/common'],
    ]);
    expect(lines).toBe(
      "import { Module } from '@nestjs/common';\nimport { C } from '../c';\nimport { type A, b } from './a';",
    );
  });
});

describe('a public API and a contract', () => {
  it('take further names in order', () => {
    const publicApi = withExport(file("export { B } from './b';\n"), ['type A'], './b');
    expect(publicApi.text).toBe("export { type A, B } from './b';\n");
    expect(withExport(file(''), ['A'], './a').text).toBe("export { A } from './a';\n");
  });

  it('take a block once', () => {
    const once = withBlock(file('class A {}\n'), 'B', 'class B {}');
    expect(once.text).toBe('class A {}\n\nclass B {}\n');
    expect(withBlock(once, 'B', 'class B {}')).toBe(once);
  });
});

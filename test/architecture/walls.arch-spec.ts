import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const COPIED = ['apps', 'libs', 'test', 'package.json', 'tsconfig.json', '.dependency-cruiser.mjs', 'architecture.mjs'];

interface Seeded {
  title: string;
  rule: string;
  /** Where the import is written. */
  file: string;
  code: string;
  /** Files that must be there for the import to lead somewhere. */
  with?: Record<string, string>;
}

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

const SEEDED: Seeded[] = [
  {
    title: 'the API entering a domain by its public API',
    rule: 'apps-enter-by-their-entry-point',
    file: 'apps/api/src/seeded-public-api.ts',
    code: "export { ProjectsModule } from '@omni/projects';",
    with: { 'libs/projects/src/index.ts': 'export class ProjectsModule {}' },
  },
  {
    title: 'the API entering the worker entry point of a domain outside of its inline worker',
    rule: 'apps-enter-by-their-entry-point',
    file: 'apps/api/src/seeded-worker-entry.ts',
    code: "export * from '@worker/projects';",
    with: { 'libs/projects/src/worker/index.ts': 'export class ProjectsWorkerModule {}' },
  },
  {
    title: 'an app importing a file of another app',
    rule: 'apps-stand-alone',
    file: 'apps/worker/src/seeded-other-app.ts',
    code: "export * from '../../api/src/seeded-app-file';",
    with: { 'apps/api/src/seeded-app-file.ts': 'export const seeded = 1;' },
  },
  {
    title: 'the list of cores loading an entry point',
    rule: 'cores-by-their-public-api',
    file: 'apps/domains.ts',
    code: "export * from '@worker/projects';",
    with: { 'libs/projects/src/worker/index.ts': 'export class ProjectsWorkerModule {}' },
  },
  {
    title: 'the inline worker loading something that is not the worker',
    rule: 'inline-worker-loads-the-worker-only',
    file: 'apps/api/src/inline-worker.ts',
    code: "export * from '@omni/projects';",
    with: { 'libs/projects/src/index.ts': 'export class ProjectsModule {}' },
  },
  {
    title: 'a lib importing an app',
    rule: 'libs-know-no-app',
    file: 'libs/projects/src/seeded-app.ts',
    code: "export * from '../../../apps/api/src/seeded-app-file';",
    with: { 'apps/api/src/seeded-app-file.ts': 'export const seeded = 1;' },
  },
  {
    title: 'a deep import into another domain',
    rule: 'domains-by-their-public-api',
    file: 'libs/projects/src/seeded-deep.ts',
    code: "export * from '../../users/src/seeded-inner-file';",
    with: { 'libs/users/src/seeded-inner-file.ts': 'export const seeded = 1;' },
  },
  {
    title: "a domain entering another one's API entry point",
    rule: 'domains-by-their-public-api',
    file: 'libs/projects/src/seeded-other-entry.ts',
    code: "export * from '@api/users';",
    with: { 'libs/users/src/api/index.ts': 'export const seeded = 1;' },
  },
  {
    title: 'a deep import into a platform part from a domain',
    rule: 'platform-by-its-public-api',
    file: 'libs/projects/src/seeded-deep-platform.ts',
    code: "export * from '../../platform/kernel/src/clock';",
  },
  {
    title: 'a deep import from one platform part into another',
    rule: 'platform-parts-by-their-public-api',
    file: 'libs/platform/config/src/seeded-deep-part.ts',
    code: "export * from '../../kernel/src/clock';",
  },
  {
    title: 'a contract importing more than the kernel',
    rule: 'contract-imports-the-kernel-only',
    file: 'libs/projects/src/contract/seeded-config.ts',
    code: "export { CoreConfig } from '@platform/config';",
  },
  {
    title: 'a contract importing a package',
    rule: 'contract-imports-the-kernel-only',
    file: 'libs/projects/src/contract/seeded-package.ts',
    code: "export { Injectable } from '@nestjs/common';",
  },
  {
    title: 'a core importing its own API entry point',
    rule: 'core-knows-no-entry-point',
    file: 'libs/projects/src/seeded-own-entry.ts',
    code: "export * from './api/seeded-controller';",
    with: { 'libs/projects/src/api/seeded-controller.ts': 'export const seeded = 1;' },
  },
  {
    title: 'a worker entry point importing the API one of its own domain',
    rule: 'entry-points-do-not-mix',
    file: 'libs/projects/src/worker/seeded-mixed.ts',
    code: "export * from '../api/seeded-controller';",
    with: { 'libs/projects/src/api/seeded-controller.ts': 'export const seeded = 1;' },
  },
  {
    title: 'a call to a domain that is not on the map',
    rule: 'neighbours-of-users',
    file: 'libs/users/src/seeded-neighbour.ts',
    code: "export { ProjectsModule } from '@omni/projects';",
    with: { 'libs/projects/src/index.ts': 'export class ProjectsModule {}' },
  },
  {
    title: 'an import of types alone from a domain that is not on the map',
    rule: 'neighbours-of-users',
    file: 'libs/users/src/seeded-neighbour-type.ts',
    code: "import { type ProjectsModule } from '@omni/projects';\nexport type Seeded = ProjectsModule;",
    with: { 'libs/projects/src/index.ts': 'export class ProjectsModule {}' },
  },
  {
    title: 'a domain that the map does not name',
    rule: 'domains-on-the-map',
    file: 'libs/gardens/src/seeded-stranger.ts',
    code: "export { ProjectsModule } from '@omni/projects';",
    with: { 'libs/projects/src/index.ts': 'export class ProjectsModule {}' },
  },
  {
    title: 'the platform importing a domain',
    rule: 'platform-knows-no-domain',
    file: 'libs/platform/http/src/seeded-domain.ts',
    code: "export { ProjectsModule } from '@omni/projects';",
    with: { 'libs/projects/src/index.ts': 'export class ProjectsModule {}' },
  },
  {
    title: 'a platform part importing one above it',
    rule: 'platform-order-config',
    file: 'libs/platform/config/src/seeded-order.ts',
    code: "export * from '@platform/database';",
    with: { 'libs/platform/database/src/index.ts': 'export const seeded = 1;' },
  },
  {
    title: 'the kernel importing a package',
    rule: 'kernel-imports-nothing',
    file: 'libs/platform/kernel/src/seeded-nest.ts',
    code: "export { Injectable } from '@nestjs/common';",
  },
  {
    title: 'the kernel touching the disk',
    rule: 'kernel-imports-nothing',
    file: 'libs/platform/kernel/src/seeded-disk.ts',
    code: "export { readFileSync } from 'node:fs';",
  },
  {
    title: 'API code that leads to worker code in two steps',
    rule: 'api-never-reaches-worker-code',
    file: 'libs/projects/src/api/seeded-reach.ts',
    code: "export * from '../seeded-bridge';",
    with: {
      'libs/projects/src/seeded-bridge.ts': "export * from './worker/seeded-handler';",
      'libs/projects/src/worker/seeded-handler.ts': 'export const seeded = 1;',
    },
  },
  {
    title: 'worker code that leads to API code in two steps',
    rule: 'worker-never-reaches-api-code',
    file: 'libs/projects/src/worker/seeded-reach-back.ts',
    code: "export * from '../seeded-bridge-back';",
    with: {
      'libs/projects/src/seeded-bridge-back.ts': "export * from './api/seeded-controller';",
      'libs/projects/src/api/seeded-controller.ts': 'export const seeded = 1;',
    },
  },
  {
    title: 'product code using a factory of the tests',
    rule: 'testing-is-for-tests',
    file: 'libs/projects/src/seeded-testing.ts',
    code: "export * from '@testing/users';",
    with: { 'libs/users/src/testing/index.ts': 'export const seeded = 1;' },
  },
  {
    title: 'two files that import each other',
    rule: 'no-cycles',
    file: 'libs/projects/src/seeded-cycle.ts',
    code: "import { other } from './seeded-partner';\nexport const one = (): unknown => other;",
    with: { 'libs/projects/src/seeded-partner.ts': "import { one } from './seeded-cycle';\nexport const other = one;" },
  },
  {
    title: 'two files of a platform part that need each other by a type',
    rule: 'no-circles-in-a-part',
    file: 'libs/platform/config/src/seeded-circle.ts',
    code: "import { type Other } from './seeded-partner';\nexport type One = Other | null;",
    with: {
      'libs/platform/config/src/seeded-partner.ts':
        "import { type One } from './seeded-circle';\nexport type Other = One[];",
    },
  },
  {
    title: 'two folders of a domain that need each other',
    rule: 'no-circles-of-folders',
    file: 'libs/projects/src/seeded-above/first.ts',
    code: "export { second } from '../seeded-below/second';\nexport const top = 1;",
    with: {
      'libs/projects/src/seeded-below/second.ts': 'export const second = 2;',
      'libs/projects/src/seeded-below/third.ts': "export { fourth } from '../seeded-above/fourth';",
      'libs/projects/src/seeded-above/fourth.ts': 'export const fourth = 4;',
    },
  },
  {
    title: 'an import that leads nowhere',
    rule: 'resolvable',
    file: 'libs/projects/src/seeded-nowhere.ts',
    code: "export * from '@omni/nowhere';",
  },
  {
    title: 'a package that package.json does not name',
    rule: 'packages-are-listed',
    file: 'libs/projects/src/seeded-unlisted.ts',
    code: "export * as parser from 'body-parser';",
  },
  {
    title: 'a development package at run time',
    rule: 'no-development-package-at-run-time',
    file: 'libs/projects/src/seeded-development.ts',
    code: "export * as autocannon from 'autocannon';",
  },
];

function write(folder: string, file: string, code: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${code}\n`);
}

function seededCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-walls-'));
  for (const entry of COPIED) cpSync(join(ROOT, entry), join(folder, entry), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const seeded of SEEDED) {
    for (const [file, code] of Object.entries(seeded.with ?? {})) {
      if (!existsSync(join(folder, file))) write(folder, file, code);
    }
    write(folder, seeded.file, seeded.code);
  }
  return folder;
}

function cruise(folder: string): Violation[] {
  const args = [CRUISER, '--config', '.dependency-cruiser.mjs', '--no-cache', '-T', 'json', 'apps', 'libs'];
  const result = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (!result.stdout) throw new Error(result.stderr);
  // The cruiser's own documented JSON format.
  return (JSON.parse(result.stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe('the walls', () => {
  let folder: string;
  let violations: Violation[];

  beforeAll(() => {
    folder = seededCopy();
    violations = cruise(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(SEEDED)('catch $title ($rule)', ({ file, rule }) => {
    // A rule about folders names the folder.
    const from = [file, dirname(file)];
    const caught = violations.filter((violation) => from.includes(violation.from)).map(({ rule: { name } }) => name);

    expect(caught).toContain(rule);
  });

  it('stand on a map that names every domain and platform part', () => {
    const { DOMAINS, PLATFORM } = readMap();
    const folders = (path: string): string[] => readdirSync(join(ROOT, path)).filter((name) => !name.startsWith('.'));

    expect(folders('libs/platform').filter((part) => !PLATFORM.flat().includes(part))).toEqual([]);
    expect(folders('libs').filter((domain) => domain !== 'platform' && !(domain in DOMAINS))).toEqual([]);
  });

  it('stand on a map without circles', () => {
    const { DOMAINS } = readMap();
    const reaches = (from: string, target: string, seen = new Set<string>()): boolean =>
      (DOMAINS[from] ?? []).some((next) => {
        if (next === target) return true;
        if (seen.has(next)) return false;
        seen.add(next);
        return reaches(next, target, seen);
      });

    expect(Object.keys(DOMAINS).filter((domain) => reaches(domain, domain))).toEqual([]);
  });
});

interface ArchitectureMap {
  DOMAINS: Record<string, string[]>;
  PLATFORM: string[][];
}

/** architecture.mjs is an ES module and jest loads CommonJS: a Node of its own reads it. */
function readMap(): ArchitectureMap {
  const print = "import('./architecture.mjs').then((map) => console.log(JSON.stringify(map)))";
  const result = spawnSync(process.execPath, ['-e', print], { cwd: ROOT, encoding: 'utf8' });
  // The shape that architecture.mjs documents.
  return JSON.parse(result.stdout) as ArchitectureMap;
}

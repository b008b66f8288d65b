import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './support/sources';

const SEEDED: { title: string; rule: string; file: string; code: string }[] = [
  {
    title: 'any',
    rule: 'typescript(no-explicit-any)',
    file: 'libs/garden/src/any.ts',
    code: 'export const seeded: any = 1;',
  },
  {
    title: 'a promise that nobody awaits',
    rule: 'typescript(no-floating-promises)',
    file: 'libs/garden/src/floating.ts',
    code: 'async function dig(): Promise<void> {}\nexport function seeded(): void {\n  dig();\n}',
  },
  {
    title: 'a value that is declared to be there',
    rule: 'typescript(no-non-null-assertion)',
    file: 'libs/garden/src/bang.ts',
    code: 'export const seeded = (beds: string[]): string => beds.at(0)!;',
  },
  {
    title: 'a second reader of the environment',
    rule: 'node(no-process-env)',
    file: 'libs/garden/src/environment.ts',
    code: 'export const seeded = process.env.GARDEN;',
  },
  {
    title: 'forwardRef',
    rule: 'eslint(no-restricted-imports)',
    file: 'libs/garden/src/circle.ts',
    code: "export { forwardRef } from '@nestjs/common';\nimport { forwardRef } from '@nestjs/common';\nexport const seeded = forwardRef;",
  },
  {
    title: 'a note for later',
    rule: 'eslint(no-warning-comments)',
    file: 'libs/garden/src/later.ts',
    code: `// ${'TO'}${'DO'} dig\nexport const seeded = 1;`,
  },
  {
    title: 'printing past the log',
    rule: 'eslint(no-console)',
    file: 'libs/garden/src/print.ts',
    code: "console.log('dug');\nexport const seeded = 1;",
  },
  {
    title: 'a default export, which each importer names as it likes',
    rule: 'import(no-default-export)',
    file: 'libs/garden/src/nameless.ts',
    code: 'export default 1;',
  },
];

describe('lint', () => {
  let folder: string;
  let violations: string[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'omnistack-lint-'));
    for (const file of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
      cpSync(join(ROOT, file), join(folder, file));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const { file, code } of SEEDED) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${code}\n`);
    }
    // Without an app the sources' common folder would be another one than the compiler is told.
    mkdirSync(join(folder, 'apps'));
    writeFileSync(join(folder, 'apps/innocent.ts'), 'export const innocent = 1;\n');
    const oxlint = join(ROOT, 'node_modules/.bin/oxlint');
    const result = spawnSync(oxlint, ['--type-aware', '--format=unix', 'apps', 'libs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    violations = result.stdout.split('\n');
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(SEEDED)('refuses $title ($rule)', ({ file, rule }) => {
    expect(violations.filter((violation) => violation.startsWith(file) && violation.includes(rule))).not.toEqual([]);
  });
});

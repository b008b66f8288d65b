import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const STATE = 'dist/tsconfig.build.tsbuildinfo';
const SETTINGS = [
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'package-lock.json',
  'scripts/openapi-plugin.mjs',
];

describe('what the compiler remembers', () => {
  const home = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-build-'));

  beforeAll(() => {
    for (const file of SETTINGS) write(file, 'as it was');
    process.chdir(folder);
  });

  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  it.each(SETTINGS)('is forgotten when %s changes, and kept otherwise', async (file) => {
    const { forgetOtherSettings } = await import('./support/build-stamp.mjs');
    forgetOtherSettings();
    write(STATE, '{}');
    forgetOtherSettings();
    expect(existsSync(STATE)).toBe(true);
    write(file, 'changed');
    forgetOtherSettings();
    expect(existsSync(STATE)).toBe(false);
  });
});

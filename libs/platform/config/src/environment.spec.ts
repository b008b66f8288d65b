import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';
import { BootRefused } from '@platform/kernel';
import { readEnvironment } from './environment';

describe('readEnvironment', () => {
  let folder: string;
  let before: string;

  beforeEach(() => {
    before = process.cwd();
    folder = mkdtempSync(join(tmpdir(), 'omnistack-environment-'));
    process.chdir(folder);
  });

  afterEach(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true, force: true });
  });

  it('generates a secret into DATA_DIR once and keeps it', () => {
    const first = readEnvironment({ DATA_DIR: 'kept' });
    const second = readEnvironment({ DATA_DIR: 'kept' });

    expect(first.SECRET_KEY).toMatch(/^[\w-]{64}$/);
    expect(second.SECRET_KEY).toBe(first.SECRET_KEY);
    expect(statSync(join('kept', 'secret-key')).mode & 0o077).toBe(0);
  });

  it.each([
    ['taken', 'it is a file'],
    [join('taken', 'below', 'it'), 'a part of it is a file'],
  ])('names DATA_DIR=%s in one line, with the fix', (dataDir, reason) => {
    writeFileSync('taken', '');

    expect(() => readEnvironment({ DATA_DIR: dataDir })).toThrow(
      `  - Correct DATA_DIR (core.dataDir): ${join(folder, dataDir)} cannot be written (${reason}); name a path that can`,
    );
  });

  it('generates none outside of local: there it must be given', () => {
    expect(readEnvironment({ ENVIRONMENT: 'production', DATA_DIR: 'kept' }).SECRET_KEY).toBeUndefined();
  });

  it('reads .env below the environment', () => {
    writeFileSync('.env', 'PORT=4000\nSECRET_KEY="from the file"\n');

    expect(readEnvironment({ PORT: '5000' })).toMatchObject({ PORT: '5000', SECRET_KEY: 'from the file' });
  });

  it('generates a secret for local in any spelling', () => {
    expect(readEnvironment({ ENVIRONMENT: ' LOCAL ', DATA_DIR: 'kept' }).SECRET_KEY).toMatch(/^[\w-]{64}$/);
  });

  const TEXT = 'DATABASE_URL=postgres://db/app\nPROJECT_NAME=Büro\n';
  it.each([
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16 of Windows', Buffer.from(`\uFEFF${TEXT}`, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\uFEFF${TEXT}`, 'utf16le').swap16()],
    ['lines of Windows', Buffer.from(TEXT.replaceAll('\n', '\r\n'))],
    ['lines of old editors', Buffer.from(TEXT.replaceAll('\n', '\r'))],
  ])('reads .env in %s, its first line too', (_what, bytes) => {
    writeFileSync('.env', bytes);

    expect(readEnvironment({})).toMatchObject({ DATABASE_URL: 'postgres://db/app', PROJECT_NAME: 'Büro' });
  });

  it('refuses a .env that is there and cannot be read', () => {
    mkdirSync('.env');

    expect(() => readEnvironment({})).toThrow(BootRefused);
    expect(() => readEnvironment({})).toThrow(/\.env cannot be read \(EISDIR\)/);
  });

  it('gives two processes that begin at once the same secret', async () => {
    const compiled = ts.transpileModule(readFileSync(join(__dirname, 'kept-secret.ts'), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2024 },
    });
    writeFileSync('kept-secret.js', compiled.outputText);
    const print = "process.stdout.write(require('./kept-secret.js').keptSecret('kept'))";

    const secrets = await Promise.all(Array.from({ length: 4 }, () => outputOf(['-e', print])));

    expect(secrets[0]).toMatch(/^[\w-]{64}$/);
    expect(new Set(secrets).size).toBe(1);
  });
});

function outputOf(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './support/sources';

const BOOTSTRAP = 'scripts/bootstrap.mjs';
/** Prints when it is ready and at each signal; ends on its own a moment after the first. */
const LISTENER = `
  process.on('SIGTERM', () => { console.log('SIGTERM'); setTimeout(() => process.exit(7), 300); });
  process.on('SIGINT', () => { console.log('SIGINT'); setTimeout(() => process.exit(8), 300); });
  setInterval(() => {}, 1000);
  console.log('ready');
`;

async function ready(child: ChildProcess, output: string[]): Promise<void> {
  child.stdout?.on('data', (chunk: Buffer) => output.push(...chunk.toString().trim().split('\n')));
  while (!output.includes('ready')) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('bootstrap', () => {
  it('becomes the command: its output, its exit code', () => {
    const args = [BOOTSTRAP, 'node', '-e', 'console.log(process.version); process.exit(3)'];
    const result = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });

    expect(result.stdout.trim()).toBe(process.version);
    expect(result.status).toBe(3);
  });

  it.each([
    ['SIGTERM', 7],
    ['SIGINT', 8],
  ] as const)('passes %s on, once, and waits for the end', async (signal, code) => {
    const output: string[] = [];
    const child = spawn(process.execPath, [BOOTSTRAP, 'node', '-e', LISTENER], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await ready(child, output);

    child.kill(signal);
    const [exit] = (await once(child, 'close')) as [number];

    expect(exit).toBe(code);
    expect(output).toEqual(['ready', signal]);
  });

  it('ends the command when the shell that npm put in between is ended', async () => {
    const output: string[] = [];
    const command = `"${process.execPath}" ${BOOTSTRAP} node -e "${LISTENER.replace(/\s+/g, ' ')}"; true`;
    const env = { ...process.env, npm_lifecycle_event: 'start' };
    const shell = spawn('sh', ['-c', command], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
    await ready(shell, output);

    shell.kill('SIGTERM');
    await once(shell, 'close');

    expect(output).toEqual(['ready', 'SIGTERM']);
  });

  it('puts the packages of the repository on PATH', () => {
    const result = spawnSync(process.execPath, [BOOTSTRAP, 'prettier', '--version'], { cwd: ROOT, encoding: 'utf8' });

    expect(result.stdout).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('says what is missing when it is told nothing', () => {
    const result = spawnSync(process.execPath, [BOOTSTRAP], { cwd: ROOT, encoding: 'utf8' });

    expect(result.status).toBe(1);
    expect(result.stderr).toContain('bootstrap: name a command to run');
  });
});

describe('bootstrap without a registry', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'omnistack-bootstrap-'));
    cpSync(join(ROOT, 'scripts'), join(folder, 'scripts'), { recursive: true });
    writeFileSync(join(folder, 'package-lock.json'), '{}');
    writeFileSync(join(folder, 'package.json'), '{ "engines": { "node": "^99.0.0" } }');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(): { status: number | null; stderr: string } {
    const env = {
      ...process.env,
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_fetch_retries: '0',
      npm_execpath: '',
    };
    return spawnSync(process.execPath, [BOOTSTRAP, 'node', '-v'], { cwd: folder, encoding: 'utf8', env });
  }

  it('names the thing, the place and the fix', () => {
    const { status, stderr } = run();

    expect(status).toBe(1);
    expect(stderr).toContain(
      `npm could not install node-${process.platform}-${process.arch}@^99.0.0 into ${join(folder, '.tools')}`,
    );
    expect(stderr).toContain("Check the network and npm's registry setting, or install Node ^99.0.0 yourself");
  });

  it('takes over the lock of a process that is gone', () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    mkdirSync(join(folder, '.tools'));
    writeFileSync(join(folder, '.tools', 'bootstrap.lock'), String(gone));

    expect(run().stderr).not.toContain('waiting');
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entryOf, runOmni } from '../../support/app-process';
import { SECRET_KEY } from '../../support/stack';

/** Whom the tests run as may do everything where that is root: what is refused to others is tried as nobody. */
const NOBODY = 65_534;

describe('A process whose data has no place', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-refused-'));
  const taken = join(folder, 'taken');
  const closed = join(folder, 'closed');
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    writeFileSync(taken, '');
    mkdirSync(closed);
    await runOmni(['db', 'migrate'], { SECRET_KEY, DATA_DIR: closed }, folder);
    chmodSync(join(closed, 'omnistack.db'), 0o444);
    chmodSync(closed, 0o555);
  });
  afterAll(() => {
    chmodSync(closed, 0o755);
    rmSync(folder, { recursive: true, force: true });
  });

  async function said(environment: Record<string, string>): Promise<string> {
    const child = spawn(process.execPath, [entryOf('api')], {
      cwd: folder,
      env: { PATH: process.env.PATH, NODE_ENV: 'production', PORT: '0', HOST: '127.0.0.1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(process.getuid?.() === 0 && { uid: NOBODY, gid: NOBODY }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
    return output.slice(output.indexOf('The process does not start'));
  }

  it.each([
    [
      'is a file',
      { DATA_DIR: taken },
      /Correct DATA_DIR \(core\.dataDir\): .*taken cannot be written \(it is a file\)/,
    ],
    [
      'lies in a foreign folder',
      { DATA_DIR: join(closed, 'below') },
      /Correct DATA_DIR .*cannot be written \(user \d+ may not\)/,
    ],
    ['may only be read', { DATA_DIR: closed, SECRET_KEY }, /Correct DATA_DIR .*omnistack\.db cannot be written/],
    [
      'is no database',
      { DATABASE_URL: `sqlite:${entryOf('api')}`, SECRET_KEY },
      /Correct DATABASE_URL .*no SQLite database/,
    ],
  ])('says so in one line, with the setting and the fix: it %s', async (_title, environment, line) => {
    const lines = (await said(environment)).trimEnd().split('\n');
    expect(lines).toEqual(['The process does not start:', expect.stringMatching(line)]);
  });

  it('is told the same by `omni`', async () => {
    const { status, output } = await runOmni(['db', 'migrate'], { SECRET_KEY, DATA_DIR: taken }, folder);
    expect(status).toBe(1);
    expect(output).toMatch(/^omni: Correct DATA_DIR \(core\.dataDir\): .*\n$/);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

const WRITER = join(__dirname, 'support', 'writer.cjs');

describe('two processes on one SQLite file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-two-'));
  const file = join(folder, 'shared.db');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('end three hundred transactions each with no error and no lost row', async () => {
    const before = new Sqlite(file);
    before.pragma('journal_mode = WAL');
    before.exec('CREATE TABLE counters (id INTEGER PRIMARY KEY, value INTEGER NOT NULL)');
    before.exec('CREATE TABLE notes (writer INTEGER NOT NULL, turn INTEGER NOT NULL, PRIMARY KEY (writer, turn))');
    before.exec('INSERT INTO counters VALUES (1, 0)');
    before.close();

    const env = {
      ...process.env,
      ENVIRONMENT: 'local',
      DATABASE_URL: `sqlite:${file}`,
      SECRET_KEY: 'a-key-of-the-tests-that-is-long-enough',
    };
    const writers = [0, 1].map(() =>
      spawn(process.execPath, [WRITER], { env, stdio: ['ignore', 'inherit', 'inherit'] }),
    );
    const codes = await Promise.all(writers.map(async (writer) => (await once(writer, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0]);

    const after = new Sqlite(file, { readonly: true });
    expect(after.prepare('SELECT value FROM counters').get()).toEqual({ value: 600 });
    expect(after.prepare('SELECT count(*) AS notes FROM notes').get()).toEqual({ notes: 600 });
    expect(after.pragma('integrity_check', { simple: true })).toBe('ok');
    after.close();
  });
});

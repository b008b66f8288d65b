import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.mjs';

const START_MS = 10_000;

/** One PING; resolves with the first answer, or undefined when nobody answers within a second. */
function ping(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 }, () => socket.write('PING\r\n'));
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('data', (data) => end(data.toString()));
    socket.on('timeout', () => end(undefined));
    socket.on('error', () => end(undefined));
  });
}

async function given(url) {
  const { hostname, port } = new URL(url);
  const answer = await ping(hostname.replace(/^\[|\]$/g, ''), Number(port) || 6379);
  if (answer) return { url, from: 'TEST_REDIS_URL', stop: async () => {} };
  return {
    reason: `nothing answers at TEST_REDIS_URL (${hostname}:${port || 6379}); start that Redis or unset the variable`,
  };
}

async function started() {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-redis-'));
  const args = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const server = spawn('redis-server', args.map(String), { stdio: 'ignore' });
  const ended = new Promise((resolve) => {
    server.on('error', (error) => resolve(error.code === 'ENOENT' ? 'no redis-server on PATH' : error.message));
    server.on('exit', (code) => resolve(`redis-server ended at once with code ${code}`));
  });
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const reason = await Promise.race([ended, sleep(50)]);
    if (reason) {
      rmSync(folder, { recursive: true, force: true });
      return { reason: `${reason}; install Redis or set TEST_REDIS_URL` };
    }
    if ((await ping('127.0.0.1', port))?.startsWith('+PONG')) {
      return { url: `redis://127.0.0.1:${port}`, from: 'redis-server on PATH', stop };
    }
  }
  await stop();
  return { reason: `redis-server did not answer within ${START_MS / 1000} s; set TEST_REDIS_URL` };
}

/** The Redis of the tests: `{ url, from, stop }`, or `{ reason }` when there is none. */
export function provideRedis(url = process.env.TEST_REDIS_URL) {
  return url ? given(url) : started();
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const running = [];
// A file rather than a pipe: reading log lines would cost the loader what it is to spend on requests.
const folder = mkdtempSync(join(tmpdir(), 'omnistack-bench-'));

/** A TCP port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Start a Node process and wait until it answers on `port`. What it says is shown when it fails. */
export async function startProcess(args, env, port, path) {
  const file = join(folder, `${port}.log`);
  const log = openSync(file, 'w');
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', log, log] });
  running.push(child);
  const base = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
    if (
      await fetch(base + path).then(
        () => true,
        () => false,
      )
    )
      break;
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`${args.at(-1)} did not start:\n${readFileSync(file, 'utf8').slice(-4_000)}`);
    }
  }
  return { base, child, peakMb: () => peakMb(child.pid) };
}

/** Peak resident memory of a process, megabytes; 0 where the system does not tell. */
function peakMb(pid) {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
  } catch {
    return 0;
  }
}

/** End what this run started. */
export async function stopAll() {
  await Promise.all(
    running
      .filter((child) => child.exitCode === null && child.signalCode === null)
      .map(async (child) => {
        child.kill('SIGTERM');
        const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
        await once(child, 'exit');
        clearTimeout(late);
      }),
  );
  rmSync(folder, { recursive: true, force: true });
}

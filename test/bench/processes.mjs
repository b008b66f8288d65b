import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const running = [];

/** A TCP port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

/** Start a Node process and wait until it answers on `port`. Its output goes nowhere unless it fails. */
export async function startProcess(args, env, port, path) {
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let said = '';
  const listen = (chunk) => (said = (said + chunk).slice(-4_000));
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const base = `http://127.0.0.1:${port}`;
  for (const deadline = Date.now() + 30_000; ; await sleep(50)) {
    if (await fetch(base + path).then(() => true, () => false)) break;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${args.at(-1)} did not start:\n${said}`);
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
    running.filter((child) => child.exitCode === null && child.signalCode === null).map(async (child) => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await once(child, 'exit');
      clearTimeout(late);
    }),
  );
}

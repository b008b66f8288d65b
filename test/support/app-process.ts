import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The built processes. */
export type AppName = 'api' | 'worker' | 'cli';

const ROOT = resolve(__dirname, '../..');

/** Some fifty processes of the same code start in a run: what one compiled the next need not. */
const COMPILED = join(tmpdir(), 'omnistack-compile-cache');

/** Path of a built process; `root` is another copy of the repository. @throws Error when it is not built. */
export function entryOf(app: AppName, root = ROOT): string {
  const entry = resolve(root, `dist/apps/${app}/src/main.js`);
  if (!existsSync(entry)) throw new Error(`${entry} does not exist: run \`npm run build\` first`);
  return entry;
}

/** One of our processes, as built, with everything that it says. */
export abstract class RunningProcess {
  protected constructor(readonly name: AppName) {}

  abstract get pid(): number;

  /** What it wrote to stdout and stderr so far. */
  abstract get output(): string;

  abstract get exited(): boolean;

  /** Send the signal and wait for the end; killed after `graceMs`. Answers the exit code, null when killed. */
  abstract stop(signal?: NodeJS.Signals, graceMs?: number): Promise<number | null>;

  /** Wait until `probe` holds. @throws Error with all that the process said when it ends or takes too long. */
  async until(
    probe: () => Promise<boolean> | boolean,
    what: string | (() => string),
    timeoutMs = 20_000,
  ): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await probe())) {
      if (this.exited) throw new Error(`${this.name} ended before ${said(what)}:\n${this.output}`);
      if (Date.now() > deadline)
        throw new Error(`${this.name}: no ${said(what)} within ${timeoutMs} ms:\n${this.output}`);
      await pause(25);
    }
  }
}

/** A process of one test file. */
export class AppProcess extends RunningProcess {
  private heard = '';
  /** Ended, and all that it said has arrived. */
  private readonly closed: Promise<unknown>;

  private constructor(
    name: AppName,
    private readonly child: ChildProcess,
  ) {
    super(name);
    this.closed = once(child, 'close');
    child.stdout?.on('data', (chunk: Buffer) => (this.heard += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.heard += chunk.toString()));
  }

  /** Start it in `folder`, so that no `.env` of the developer takes part. Only `environment` is seen by it. */
  static start(
    name: AppName,
    environment: Record<string, string>,
    folder: string,
    args: string[] = [],
    root = ROOT,
  ): AppProcess {
    const child = spawn(process.execPath, [entryOf(name, root), ...args], {
      cwd: folder,
      env: environmentOf(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new AppProcess(name, child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get output(): string {
    return this.heard;
  }

  get exited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM', graceMs = 15_000): Promise<number | null> {
    if (this.exited) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const deadline = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(deadline);
    return this.child.exitCode;
  }

  /** Wait for its own end. Answers the exit code. */
  async ended(): Promise<number | null> {
    await this.closed;
    return this.child.exitCode;
  }
}

/** What a process of ours sees: only this, where its code is compiled, and where programs are. */
export function environmentOf(environment: Record<string, string>): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, NODE_ENV: 'production', NODE_COMPILE_CACHE: COMPILED, ...environment };
}

function said(what: string | (() => string)): string {
  return typeof what === 'string' ? what : what();
}

/** Run `omni` as built. stdout and stderr in the order of their arrival. */
export async function runOmni(
  words: string[],
  environment: Record<string, string>,
  folder: string,
): Promise<{ status: number | null; output: string }> {
  const process = AppProcess.start('cli', environment, folder, words);
  return { status: await process.ended(), output: process.output };
}

// Below the ports that the system gives to outgoing connections, and apart from those of the other jest workers.
const FIRST_PORT = 10_000 + (Number(process.env.JEST_WORKER_ID ?? '1') % 20) * 1_000;

/** A TCP port of this jest worker's own range that was free a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + randomInt(1_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await Promise.race([
      once(server, 'listening').then(() => true),
      once(server, 'error').then(() => false),
    ]).catch(() => false);
    await new Promise((done) => server.close(done));
    if (isFree) return port;
  }
}

/** Wait. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

/** Ask again until the answer satisfies; for what happens soon after. @throws Error naming what did not happen. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false | null>,
  timeoutMs = 8_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`Did not happen within ${timeoutMs} ms: ${what}`);
    await pause(50);
  }
}

import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type AppName, entryOf, environmentOf, RunningProcess } from './app-process';
import { type ModeName, type Stack } from './modes';
import { dropSystem, noteStart, prepareSystem, reach, ready, startStack, type System, working } from './stack';
import { SYSTEMS_FOLDER } from './systems-folder';

/** A process that outlives the test file that started it, and where it writes what it says. */
interface Started {
  readonly name: AppName;
  readonly pid: number;
  readonly log: string;
}

/** What is written down of a shared system. */
export interface SharedSystem {
  readonly system: System;
  readonly processes: readonly Started[];
}

/** A process of a shared system, as one test file sees it: `output` begins with the file. */
class SharedProcess extends RunningProcess {
  constructor(
    private readonly started: Started,
    private readonly from = statSync(started.log).size,
  ) {
    super(started.name);
  }

  get pid(): number {
    return this.started.pid;
  }

  get output(): string {
    return readFileSync(this.started.log).subarray(this.from).toString();
  }

  get exited(): boolean {
    return !isRunning(this.started);
  }

  override async stop(): Promise<number | null> {
    throw new Error(
      `The ${this.name} is shared: a suite that stops processes says \`private: true\` to describeEachMode`,
    );
  }
}

/**
 * The system of this mode that the files of this jest worker share; the first one that asks starts it. Jest forgets its
 * modules after each file, so it is written down in a file. Where jest was started without its configuration nothing is shared.
 * @throws Error when a suite before has broken it
 */
export async function sharedStack(mode: ModeName): Promise<Stack> {
  const folder = process.env[SYSTEMS_FOLDER];
  if (!folder) return startStack(mode);
  const file = join(folder, `${mode}-${process.env.JEST_WORKER_ID ?? '1'}.json`);
  if (!existsSync(file)) writeFileSync(file, JSON.stringify(await startShared(mode)));
  // Written above.
  const { system, processes } = JSON.parse(readFileSync(file, 'utf8')) as SharedSystem;
  const broken = processes.find((started) => !isRunning(started));
  if (broken) throw new Error(`The ${broken.name} of the shared ${mode} system has ended:\n${lastWords(broken)}`);
  const [api, worker] = processes.map((started) => new SharedProcess(started));
  if (!api) throw new Error(`${file} names no process`);
  return reach(system, api, worker, async () => undefined);
}

/** End its processes and take away what it has left. */
export async function endShared({ system, processes }: SharedSystem): Promise<void> {
  for (const { pid } of processes) signal(pid, 'SIGTERM');
  const deadline = Date.now() + 15_000;
  while (processes.some(isRunning) && Date.now() < deadline) await pause(50);
  for (const { pid } of processes.filter(isRunning)) signal(pid, 'SIGKILL');
  await dropSystem(system);
}

async function startShared(mode: ModeName): Promise<SharedSystem> {
  noteStart(`shared ${mode}`);
  const system = await prepareSystem(mode);
  const processes: Started[] = [];
  const start = (name: AppName): SharedProcess => {
    const started = startDetached(name, system);
    processes.push(started);
    return new SharedProcess(started, 0);
  };
  try {
    await ready(start('api'), system.base);
    if (mode === 'scale-out') await working(start('worker'));
    return { system, processes };
  } catch (error) {
    await endShared({ system, processes });
    throw error;
  }
}

/** Its words go to a file: a pipe would end with the worker that reads it. */
function startDetached(name: AppName, { environment, folder }: System): Started {
  const log = join(folder, `${name}.log`);
  const descriptor = openSync(log, 'a');
  const stdio = ['ignore', descriptor, descriptor] as const;
  const child = spawn(process.execPath, [entryOf(name)], {
    cwd: folder,
    env: environmentOf(environment),
    stdio: [...stdio],
  });
  child.unref();
  closeSync(descriptor);
  return { name, pid: child.pid ?? 0, log };
}

function isRunning({ pid }: Started): boolean {
  return signal(pid, 0);
}

function signal(pid: number, what: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, what);
  } catch {
    return false;
  }
}

function lastWords({ log }: Started): string {
  return readFileSync(log, 'utf8').slice(-4_000);
}

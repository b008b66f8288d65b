import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pause } from '../../support/app-process';
import { type PrivateOptions, type Stack } from '../../support/modes';
import { type Person, signUp } from '../../support/people';

const FLOOD = join(__dirname, 'socket-flood.cjs');
const CALM_MS = 500;
const FLOOD_MS = 1_500;
/** Others ask, wait a moment, ask again. */
const PAUSE_MS = 2;
/** A machine that is busy with something else is no fault of ours; a fault of ours shows in every round. */
const ROUNDS = 3;

/** Milliseconds that others may wait longer than in calm, 99 of 100 times. */
export const LIMIT_MS = 100;

/** The stranger is known by the address that a proxy tells, so that each flood has the whole limit before it. */
export const BEHIND_A_PROXY: PrivateOptions = { env: { TRUSTED_PROXIES: '127.0.0.1/32' } };

let strangers = 0;

/** What one stranger's flood came to. */
export interface Flooded {
  /** Milliseconds that others waited longer than in calm, 99 of 100 times: of the best round. */
  readonly waited: number;
  /** Connections that the stranger got in that round. */
  readonly granted: number;
}

/** Have a stranger flood the sockets in one `way` of socket-flood.cjs while somebody else lists their projects. */
export async function flooded(stack: Stack, way: string): Promise<Flooded> {
  const person = await signUp(stack);
  let best: Flooded = { waited: Infinity, granted: 0 };
  for (let round = 0; round < ROUNDS && best.waited >= LIMIT_MS; round++) {
    const calm = await p99(person, CALM_MS);
    strangers += 1;
    const stranger = spawn(process.execPath, [FLOOD, stack.base, way, `203.0.113.${strangers}`]);
    const waited = (await p99(person, FLOOD_MS)) - calm;
    const granted = await ended(stranger);
    if (waited < best.waited) best = { waited, granted };
  }
  return best;
}

/** The wait of the slowest hundredth, in milliseconds. */
async function p99({ client }: Person, milliseconds: number): Promise<number> {
  const until = performance.now() + milliseconds;
  const times: number[] = [];
  const ask = async (): Promise<void> => {
    while (performance.now() < until) {
      const asked = performance.now();
      expect((await client.get('/api/v1/app/projects')).status).toBe(200);
      times.push(performance.now() - asked);
      await pause(PAUSE_MS);
    }
  };
  await Promise.all([ask(), ask()]);
  times.sort((one, other) => one - other);
  return times[Math.floor(times.length * 0.99)] ?? Infinity;
}

/** End the stranger; it says how many connections it was granted. */
async function ended(stranger: ChildProcess): Promise<number> {
  let said = '';
  stranger.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const closed = once(stranger, 'close');
  stranger.kill();
  await closed;
  return Number(said);
}

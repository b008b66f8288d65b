import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { endShared, type SharedSystem } from './shared-stack';
import { STARTS, SYSTEMS_FOLDER } from './systems-folder';

/** Jest's global teardown: ends the systems that its workers' files shared, and says how many there were. */
async function endSystems(): Promise<void> {
  const folder = process.env[SYSTEMS_FOLDER] ?? '';
  const records = readdirSync(folder).filter((name) => name.endsWith('.json'));
  // Written by `sharedStack`.
  const systems = records.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as SharedSystem);
  await Promise.all(systems.map(endShared));
  const starts = existsSync(join(folder, STARTS)) ? readFileSync(join(folder, STARTS), 'utf8').trim().split('\n') : [];
  const isShared = (start: string): boolean => start.startsWith('shared ');
  const shared = starts.filter(isShared).length;
  if (starts.length > 0) console.error(`\nSystems started: ${shared} shared, ${starts.length - shared} private`);
  rmSync(folder, { recursive: true, force: true });
}

export = endSystems;

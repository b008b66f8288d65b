import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 2 ** 30;

function isSpacious(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > ENOUGH_BYTES;
  } catch {
    return false;
  }
}

/** Where databases of tests lie: in memory where there is room for them, as nothing of them has to survive. */
export const DATA = isSpacious(MEMORY) ? MEMORY : tmpdir();

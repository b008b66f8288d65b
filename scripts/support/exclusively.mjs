import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const POLL_MS = 100;
const UNWRITTEN_AFTER_MS = 5_000;

/** Is the owner of the lock gone? Then the lock may be taken over. */
function isStale(lock) {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    // Created but not yet written: young ones are about to be.
    if (!owner) return Date.now() - statSync(lock).mtimeMs > UNWRITTEN_AFTER_MS;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT';
  }
}

function acquire(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isStale(lock)) return false;
    rmSync(lock, { force: true });
    return acquire(lock);
  }
}

/**
 * Runs `work` while this process holds the lock file, so that two commands begun at once do it one after the other.
 * `waiting` is called once when another process holds it. Written for Node 18 and later: bootstrap.mjs uses it.
 */
export async function exclusively(lock, work, { waiting = () => {}, timeoutMs = 600_000 } = {}) {
  mkdirSync(dirname(lock), { recursive: true });
  const deadline = Date.now() + timeoutMs;
  for (let told = false; !acquire(lock); told = true) {
    if (Date.now() > deadline) {
      throw new Error(`${lock} is held by another process for ${timeoutMs / 1000} s; delete it if none runs`);
    }
    if (!told) waiting();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.removeListener('exit', release);
    release();
  }
}

import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** The code with which a shell reports this end of a child. */
export function exitCode(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 1);
}

const ORPHAN_POLL_MS = 250;

/**
 * npm hands a SIGTERM to the shell between us and forgets us: the shell ends, we stay. Being nobody's child any more is
 * then the signal.
 */
function watchForOrphaning(child) {
  if (!process.env.npm_lifecycle_event || process.platform === 'win32') return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill('SIGTERM');
  }, ORPHAN_POLL_MS);
  timer.unref();
}

/** Sends this process's signals on to the child, once each. */
export function forwardSignals(child) {
  // A terminal's Ctrl-C reaches the whole process group, so the child has it already.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  watchForOrphaning(child);
}

/** Runs a command in this one's place: same streams, same signals, same exit code. */
export function become(command, args, options = {}) {
  const child = spawn(command, args, { stdio: 'inherit', ...options });
  forwardSignals(child);
  child.on('error', (error) => {
    console.error(`cannot run ${command}: ${error.message}`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(exitCode(code, signal)));
}

/** Runs a command to its end; resolves with its exit code and, when not inherited, its output. */
export function finish(command, args, options = {}) {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const seconds = (performance.now() - started) / 1000;
      resolve({ code: exitCode(code, signal), output: Buffer.concat(chunks).toString('utf8'), seconds });
    });
  });
}

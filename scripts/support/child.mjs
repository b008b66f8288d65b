import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** The code with which a shell reports this end of a child. */
export function exitCode(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 1);
}

/** Sends this process's signals on to the child, once each. */
export function forwardSignals(child) {
  // A terminal's Ctrl-C reaches the whole process group, so the child has it already.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
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

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exitCode } from './child.mjs';

const JEST = join('node_modules', 'jest', 'bin', 'jest.js');
const FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const POLL_MS = 500;
const LINGER_MS = 15_000;
const HAS_GROUPS = process.platform !== 'win32';

/** Ends a jest that has written its results and stays: a test left something open. */
function watchForLingering(child, results, onLinger) {
  let writtenAt;
  const timer = setInterval(() => {
    writtenAt ??= existsSync(results) ? Date.now() : undefined;
    if (!writtenAt || Date.now() - writtenAt < LINGER_MS) return;
    clearInterval(timer);
    onLinger();
    child.kill('SIGKILL');
  }, POLL_MS);
  child.on('exit', () => clearInterval(timer));
}

/** Ends what a jest that was interrupted has left: workers, and the systems that they started. */
function endGroup({ pid }) {
  try {
    if (HAS_GROUPS) process.kill(-pid, 'SIGTERM');
  } catch {
    // Nobody is left.
  }
}

/** `[needs Redis: …]` in the titles above a skipped test says why it was skipped. */
function skipReason(test) {
  const titles = [...test.ancestorTitles, test.title].join(' ');
  return /\[(needs [^\]]+)\]/.exec(titles)?.[1] ?? 'skipped by its author';
}

function skippedTests(results) {
  return results.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === 'pending' || test.status === 'todo')
      .map((test) => ({ name: test.fullName, reason: skipReason(test) })),
  );
}

/**
 * Runs jest with `args`; `onStart` receives the child, to pass signals on.
 * Resolves with the totals, the tests that were skipped, and what else went wrong.
 */
export function runJest(args, results, onStart = () => {}) {
  return new Promise((resolve) => {
    const problems = [];
    rmSync(results, { force: true });
    const all = [...FLAGS, JEST, '--json', `--outputFile=${results}`, ...args];
    // With --json jest prints the results to stdout too, unless a file is named; what people read goes to stderr.
    const child = spawn(process.execPath, all, { stdio: ['ignore', 'inherit', 'inherit'], detached: HAS_GROUPS });
    onStart(child);
    watchForLingering(child, results, () =>
      problems.push('jest did not end after its last test: a test leaves something open'),
    );
    child.on('exit', (code, signal) => {
      endGroup(child);
      if (!existsSync(results)) {
        problems.push(`jest ended with code ${exitCode(code, signal)} and without results`);
        resolve({ passed: 0, failed: 0, skipped: [], problems });
        return;
      }
      const report = JSON.parse(readFileSync(results, 'utf8'));
      rmSync(results, { force: true });
      const broken = report.numRuntimeErrorTestSuites;
      if (broken > 0) problems.push(`${broken} test file${broken > 1 ? 's' : ''} could not be run`);
      if (code !== 0 && report.success && problems.length === 0) problems.push(`jest ended with code ${code}`);
      resolve({
        passed: report.numPassedTests,
        failed: report.numFailedTests,
        skipped: skippedTests(report),
        problems,
      });
    });
  });
}

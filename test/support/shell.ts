import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const hasCurl = spawnSync('curl', ['--version']).status === 0;

/** `it` for tests that run lines of people; without curl it skips, under a title that says so. */
export const itWithCurl = hasCurl ? it : it.skip;

/** For the end of such a title. */
export const NEEDS_CURL = hasCurl ? '' : ' [needs curl]';

/** The lines to try that a process has printed at boot. */
export function shownLines(output: string): string[] {
  const lines = output.split('\n').map((line) => line.trim());
  return lines.filter((line) => /^(TOKEN=|curl )/.test(line));
}

/** The status that the last of the lines gets. */
export async function statusOf(lines: readonly string[]): Promise<string> {
  const { stdout } = await run('sh', ['-c', `${lines.join('\n')} -o /dev/null -w '%{http_code}'`]);
  return stdout;
}

/** Run lines in one shell. @throws Error when one of them fails; for `curl` that is any answer from 400 up */
export async function runLines(lines: readonly string[]): Promise<void> {
  await run('sh', ['-c', ['set -e', 'curl() { command curl --fail-with-body "$@"; }', ...lines].join('\n')]);
}

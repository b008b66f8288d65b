// `npm run ci`: what .ci/run runs, and what a developer runs before pushing: all tests, also those that take minutes,
// check, build, a short bench.
// The last line is `N passed, N failed, N skipped`; a step that fails counts as one.
import { spawn } from 'node:child_process';
import { exitCode } from './support/child.mjs';

const TOTALS = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m;
const STEPS = [['test'], ['test', '--selectProjects', 'endurance'], ['check'], ['build'], ['bench', '--short']];

/** Runs one script with its output shown as it comes; resolves with exit code and output. */
function step([name, ...args]) {
  console.log(`\n== ${name} ${args.join(' ')}`.trimEnd());
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [`scripts/${name}.mjs`, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.on('close', (code, signal) => resolve({ name, code: exitCode(code, signal), output }));
  });
}

const results = [];
for (const each of STEPS) results.push(await step(each));

const totals = results
  .filter(({ name }) => name === 'test')
  .map(({ output }) => (TOTALS.exec(output)?.slice(1) ?? [0, 1, 0]).map(Number));
const [passed, failedTests, skipped] = [0, 1, 2].map((place) => totals.reduce((sum, total) => sum + total[place], 0));
const isCounted = ({ name }) => name === 'test' && failedTests > 0;
const failedSteps = results.filter((result) => result.code !== 0 && !isCounted(result)).map((result) => result.name);
console.log(failedSteps.length > 0 ? `\nFailed steps: ${failedSteps.join(', ')}` : '');
console.log(`${passed} passed, ${failedTests + failedSteps.length} failed, ${skipped} skipped`);
process.exitCode = failedTests + failedSteps.length === 0 ? 0 : 1;

// `npm run ci`: what .ci/run runs, and what a developer runs before pushing: all tests, check, build, a short bench.
// The last line is `N passed, N failed, N skipped`; a step that fails counts as one.
import { spawn } from 'node:child_process';
import { exitCode } from './support/child.mjs';

const TOTALS = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m;
const STEPS = [['test'], ['check'], ['build'], ['bench', '--short']];

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

const [test, ...others] = results;
const [passed, failedTests, skipped] = (TOTALS.exec(test.output)?.slice(1) ?? [0, 1, 0]).map(Number);
const failedSteps = others.filter((result) => result.code !== 0).map((result) => result.name);
if (test.code !== 0 && failedTests === 0) failedSteps.unshift('test');
console.log(failedSteps.length > 0 ? `\nFailed steps: ${failedSteps.join(', ')}` : '');
console.log(`${passed} passed, ${failedTests + failedSteps.length} failed, ${skipped} skipped`);
process.exitCode = failedTests + failedSteps.length === 0 ? 0 : 1;

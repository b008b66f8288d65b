// `npm run check`: what needs no service, in under a minute: format, lint, types, walls, small tests.
import { finish } from './support/child.mjs';

const bin = (name) => `node_modules/.bin/${name}`;
const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const STEPS = {
  types: [process.execPath, 'node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  walls: [
    process.execPath,
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config',
    '.dependency-cruiser.mjs',
    'apps',
    'libs',
    'test',
  ],
  format: [
    process.execPath,
    'node_modules/prettier/bin/prettier.cjs',
    '--check',
    '--cache',
    '--log-level',
    'warn',
    '.',
  ],
  lint: [bin('oxlint'), '--type-aware', '--deny-warnings', '--threads=1'],
  tests: [process.execPath, ...JEST, '--selectProjects', 'unit', '--silent', '--maxWorkers=1'],
};
// Two lanes for two cores; the type checker takes as long as the others together.
const LANES = [
  ['types', 'walls'],
  ['format', 'lint', 'tests'],
];

async function runStep(name) {
  const [command, ...args] = STEPS[name];
  const { code, output, seconds } = await finish(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s`);
  if (code !== 0) console.log(output.trimEnd().replace(/^/gm, '       '));
  return { name, ok: code === 0 };
}

async function runLane(names) {
  const results = [];
  for (const name of names) results.push(await runStep(name));
  return results;
}

const started = performance.now();
const results = (await Promise.all(LANES.map(runLane))).flat();
const failed = results.filter((result) => !result.ok).map((result) => result.name);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  failed.length === 0 ? `check: all ${results.length} steps ok in ${seconds} s` : `check: failed: ${failed.join(', ')}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

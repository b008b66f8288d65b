// `npm test`: every test that can run on this machine. What cannot is listed at the end, by name and reason.
// The last line is always `N passed, N failed, N skipped`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { runJest } from './support/jest-run.mjs';
import { providePostgres } from './support/test-postgres.mjs';
import { provideRedis } from './support/test-redis.mjs';

const SHELL_SETTINGS = [
  'DATABASE_URL',
  'REDIS_URL',
  'SECRET_KEY',
  'DATA_DIR',
  'ENVIRONMENT',
  'WORKER',
  'PORT',
  'NODE_ENV',
];
const [, , ...args] = process.argv;
const isRequired = process.env.REQUIRE_SERVICES === '1';
const services = [];
let running;
let interrupted;

function interrupt(signal) {
  interrupted = signal;
  running?.kill(signal);
}
process.on('SIGINT', () => interrupt('SIGINT'));
process.on('SIGTERM', () => interrupt('SIGTERM'));

/** Finds a service, tells where it came from and hands its address to the tests. */
async function provide(name, variable, service) {
  if (service.url) {
    services.push(service);
    process.env[variable] = service.url;
    console.log(`${name}: ${service.from}`);
    return [];
  }
  delete process.env[variable];
  console.log(`${name}: MISSING, ${service.reason}`);
  return [`${name}: ${service.reason}`];
}

/** Settings of the person's own shell must not decide what a test sees. */
function forgetSettings() {
  for (const name of SHELL_SETTINGS) delete process.env[name];
}

/** What is named, else all but what takes minutes; what kills, and what counts how much a second brings, comes after the rest. */
const RUNS =
  args.length > 0
    ? [args]
    : [
        ['--selectProjects', 'unit', 'medium', 'architecture', 'e2e'],
        ['--selectProjects', 'chaos', 'timed', '--maxWorkers=2'],
      ];

async function runAll(folder) {
  const total = { passed: 0, failed: 0, skipped: [], problems: [] };
  for (const jestArgs of RUNS) {
    if (interrupted) break;
    const result = await runJest(jestArgs, join(folder, 'results.json'), (child) => (running = child));
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped.push(...result.skipped);
    total.problems.push(...result.problems);
  }
  return total;
}

function list(title, lines) {
  if (lines.length > 0) console.log(`\n${title}\n${lines.map((line) => `  - ${line}`).join('\n')}`);
}

/** Skipped tests by reason, each test by name. */
function skippedByReason(skipped) {
  const reasons = Map.groupBy(skipped, (test) => test.reason);
  return [...reasons].flatMap(([reason, tests]) => [`${reason}:`, ...tests.map((test) => `  ${test.name}`)]);
}

function report(total, missing) {
  const problems = [...total.problems, ...(isRequired ? missing.map((line) => `REQUIRE_SERVICES=1, and ${line}`) : [])];
  list('Services that are missing:', missing);
  if (args.length === 0) {
    console.log('\nLeft to `npm run ci`: test/**/*.endurance-spec.ts, which take minutes each.');
  }
  list('Tests that did not run:', skippedByReason(total.skipped));
  list('Problems beside the tests, each counted as failed:', problems);
  if (interrupted) console.log(`\nInterrupted by ${interrupted}.`);
  const failed = total.failed + problems.length;
  console.log(`\n${total.passed} passed, ${failed} failed, ${total.skipped.length} skipped`);
  return failed === 0 && !interrupted ? 0 : 1;
}

async function main() {
  forgetSettings();
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-test-'));
  try {
    const problems = [];
    try {
      await build();
    } catch (error) {
      problems.push(error.message);
    }
    const [postgres, redis] = await Promise.all([providePostgres(), provideRedis()]);
    const missing = [
      ...(await provide('PostgreSQL', 'TEST_DATABASE_URL', postgres)),
      ...(await provide('Redis', 'TEST_REDIS_URL', redis)),
    ];
    const total = await runAll(folder);
    total.problems.unshift(...problems);
    return () => report(total, missing);
  } finally {
    await Promise.allSettled(services.map((service) => service.stop()));
    rmSync(folder, { recursive: true, force: true });
  }
}

const tell = await main();
process.exitCode = tell();

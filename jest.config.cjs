const { readFileSync } = require('node:fs');
const ts = require('typescript');

// tsconfig.json is JSON with comments; the compiler's own reader knows them.
const { config } = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync(`${__dirname}/tsconfig.json`, 'utf8'));

/** `@platform/*` of tsconfig.json in jest's words. */
const mapped = ([alias, [path]]) => [
  `^${alias.replace('*', '(.*)')}$`,
  path.replace('./', '<rootDir>/').replace('*', '$1'),
];

/** What every project shares. */
const shared = {
  rootDir: __dirname,
  // One for all, so that they share what is compiled.
  id: 'omnistack',
  testEnvironment: 'node',
  // jest-haste-map would otherwise index every package.json of dist and .tools.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.tools/', '<rootDir>/\\.data/'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: Object.fromEntries(Object.entries(config.compilerOptions.paths).map(mapped)),
  setupFiles: ['reflect-metadata'],
  transform: { '\\.ts$': '<rootDir>/scripts/support/jest-typescript.cjs' },
};

const project = (displayName, testMatch) => ({ ...shared, displayName, testMatch });
const under = (...globs) => globs.map((glob) => `<rootDir>/${glob}`);

/** @type {import('jest').Config} */
module.exports = {
  // Twice the cores: many tests wait for a process, a lease or a window rather than for a core.
  maxWorkers: 4,
  // Nest keeps metadata of every module it has seen: a worker that has run many suites is replaced.
  workerIdleMemoryLimit: '512MB',
  // Of the slowest kind: jest takes a project's own timeout and ignores it.
  testTimeout: 120_000,
  testSequencer: '<rootDir>/scripts/support/test-order.cjs',
  globalSetup: '<rootDir>/test/support/begin-systems.ts',
  globalTeardown: '<rootDir>/test/support/end-systems.ts',
  projects: [
    project('unit', under('{libs,apps,scripts,tools,test/support}/**/*.spec.ts')),
    project('medium', under('libs/**/test/**/*.int-spec.ts')),
    project('architecture', under('test/architecture/**/*.arch-spec.ts')),
    project('e2e', under('test/e2e/**/*.e2e-spec.ts')),
    project('chaos', under('test/chaos/**/*.chaos-spec.ts')),
    // They count what a second brings: beside nothing but each other.
    project('timed', under('test/chaos/**/*.timed-spec.ts')),
    // Minutes each: `npm run ci` runs them, `npm test` says that it does not.
    project('endurance', under('test/**/*.endurance-spec.ts')),
  ],
};

const { readFileSync } = require('node:fs');
const { pathsToModuleNameMapper } = require('ts-jest');
const ts = require('typescript');

// tsconfig.json is JSON with comments; the compiler's own reader knows them.
const { config } = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync(`${__dirname}/tsconfig.json`, 'utf8'));

/** What every project shares: transpile only (types are `npm run check`'s work), aliases from tsconfig.json. */
const shared = {
  rootDir: __dirname,
  testEnvironment: 'node',
  // jest-haste-map would otherwise index every package.json of dist and .tools.
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.tools/', '<rootDir>/\\.data/'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  moduleNameMapper: pathsToModuleNameMapper(config.compilerOptions.paths, { prefix: '<rootDir>/' }),
  setupFiles: ['reflect-metadata'],
  transform: {
    '\\.ts$': [
      'ts-jest',
      {
        tsconfig: {
          ...config.compilerOptions,
          rootDir: __dirname,
          isolatedModules: true,
          // Jest finds the sources themselves, so `./names.ts` stays what it is.
          rewriteRelativeImportExtensions: false,
          incremental: false,
          paths: undefined,
        },
      },
    ],
  },
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
  projects: [
    project('unit', under('{libs,apps,scripts,tools,test/support}/**/*.spec.ts')),
    project('medium', under('libs/**/test/**/*.int-spec.ts')),
    project('architecture', under('test/architecture/**/*.arch-spec.ts')),
    project('e2e', under('test/e2e/**/*.e2e-spec.ts')),
    project('chaos', under('test/chaos/**/*.chaos-spec.ts')),
    // Minutes each: `npm run ci` runs them, `npm test` says that it does not.
    project('endurance', under('test/**/*.endurance-spec.ts')),
  ],
};

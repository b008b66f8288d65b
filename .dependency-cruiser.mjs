import { APPS, CORES, DOMAINS, INLINE_WORKER, KERNEL_BUILTINS, PLATFORM } from './architecture.mjs';

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const either = (names) => names.map(literal).join('|');
const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const ENTRY_POINTS = either(APPS);
const DOMAIN_SOURCE = '^libs/(?!platform/)([^/]+)/src/';
const TESTS = ['[.](spec|int-spec)[.]ts$', '^test/', '/test/', '^libs/.+/src/testing/'];
const DOMAIN_FOLDER = '^libs/(?!platform/)[^/]+/src/.+';
const INLINE = `^${literal(INLINE_WORKER)}$`;
const ALL_CORES = `^${literal(CORES)}$`;

const apps = [
  error(
    'apps-enter-by-their-entry-point',
    'An app loads a domain by its own entry point only: @api in apps/api, @worker in apps/worker, @cli in apps/cli.',
    { path: '^apps/([^/]+)/src/', pathNot: [INLINE] },
    { path: '^libs/(?!platform/)', pathNot: ['^libs/[^/]+/src/$1/index[.]ts$', '^libs/[^/]+/src/testing/index[.]ts$'] },
  ),
  error(
    'apps-stand-alone',
    `Apps share libs, not files, but for ${CORES}. Only ${INLINE_WORKER} loads the worker.`,
    { path: '^apps/([^/]+)/src/', pathNot: [INLINE] },
    { path: '^apps/(?!$1/)', pathNot: [ALL_CORES] },
  ),
  error(
    'cores-by-their-public-api',
    `${CORES} lists the cores of the domains, each by its public API, and nothing else.`,
    { path: ALL_CORES },
    { path: '^(libs|apps)/', pathNot: ['^libs/(?!platform/)[^/]+/src/index[.]ts$'] },
  ),
  error(
    'inline-worker-loads-the-worker-only',
    `${INLINE_WORKER} brings the worker into the API process and nothing else.`,
    { path: INLINE },
    {
      path: '^(libs|apps)/',
      pathNot: [
        '^libs/(platform/)?[^/]+/src/worker/index[.]ts$',
        '^libs/platform/[^/]+/src/index[.]ts$',
        '^apps/(worker|api)/src/',
      ],
    },
  ),
  error('libs-know-no-app', 'A lib does not know which process it runs in.', { path: '^libs/' }, { path: '^apps/' }),
];

const publicApis = [
  error(
    'domains-by-their-public-api',
    'Enter another domain by @omni (its index.ts) or @contract; from a test also by @testing. Nothing deeper.',
    { path: DOMAIN_SOURCE },
    { path: '^libs/(?!platform/|$1/)', pathNot: ['^libs/[^/]+/src/(contract/|testing/)?index[.]ts$'] },
  ),
  error(
    'platform-by-its-public-api',
    'Enter a platform part by @platform/<part>; an app also by its own entry point of it. Nothing deeper.',
    { path: '^(apps/|libs/(?!platform/))([^/]+)/', pathNot: [INLINE] },
    { path: '^libs/platform/', pathNot: ['^libs/platform/[^/]+/src/(testing/|$2/)?index[.]ts$'] },
  ),
  error(
    'platform-parts-by-their-public-api',
    'A platform part enters another one by @platform/<part>. Nothing deeper.',
    { path: '^libs/platform/([^/]+)/src/' },
    {
      path: '^libs/platform/(?!$1/)',
      pathNot: ['^libs/platform/[^/]+/src/index[.]ts$', '^libs/platform/[^/]+/src/testing/index[.]ts$'],
    },
  ),
];

const insideADomain = [
  error(
    'contract-imports-the-kernel-only',
    'A contract is read by everyone, so it may need nothing but @platform/kernel.',
    { path: '^libs/(?!platform/)([^/]+)/src/contract/', pathNot: TESTS },
    { pathNot: ['^libs/$1/src/contract/', '^libs/platform/kernel/src/index[.]ts$'] },
  ),
  error(
    'core-knows-no-entry-point',
    'Entry points import the core, never the reverse.',
    { path: DOMAIN_SOURCE, pathNot: [`^libs/[^/]+/src/(${ENTRY_POINTS}|testing)/`, ...TESTS] },
    { path: `^libs/$1/src/(${ENTRY_POINTS}|testing)/` },
  ),
  error(
    'entry-points-do-not-mix',
    'The API loads no worker file and the worker no API file: what both need belongs to the core.',
    { path: `^libs/(?!platform/)([^/]+)/src/(${ENTRY_POINTS})/`, pathNot: TESTS },
    { path: `^libs/$1/src/(${ENTRY_POINTS}|testing)/`, pathNot: ['^libs/$1/src/$2/'] },
  ),
];

const neighbours = Object.entries(DOMAINS).map(([domain, mapped]) =>
  error(
    `neighbours-of-${domain}`,
    `architecture.mjs lets ${domain} call: ${mapped.join(', ') || 'nobody'}. A new arrow is a decision: write it there.`,
    { path: `^libs/${literal(domain)}/src/` },
    { path: `^libs/(?!(platform|${either([domain, ...mapped])})/)[^/]+/src/index[.]ts$` },
  ),
);

const strangers = error(
  'domains-on-the-map',
  'A domain that architecture.mjs does not name may call no other.',
  { path: `^libs/(?!(platform|${either(Object.keys(DOMAINS))})/)([^/]+)/src/` },
  { path: '^libs/(?!platform/|$2/)' },
);

const platformOrder = PLATFORM.flatMap((row, level) =>
  row.map((part) =>
    error(
      `platform-order-${part}`,
      `${part} may import the parts below it: ${PLATFORM.slice(0, level).flat().join(', ') || 'none'} (architecture.mjs).`,
      { path: `^libs/platform/${part}/src/` },
      { path: `^libs/platform/(?!(${either([part, ...PLATFORM.slice(0, level).flat()])})/)` },
    ),
  ),
);

const platform = [
  error(
    'platform-knows-no-domain',
    'Platform is mechanism without business meaning. Declare a port and let the domain bind it.',
    { path: '^libs/platform/' },
    { path: '^libs/(?!platform/)' },
  ),
  error(
    'kernel-imports-nothing',
    'The kernel is vocabulary: no Nest, no packages, no I/O.',
    { path: '^libs/platform/kernel/src/', pathNot: TESTS },
    { pathNot: ['^libs/platform/kernel/src/', `^(node:)?(${either(KERNEL_BUILTINS)})$`] },
  ),
  ...platformOrder,
];

const processes = [
  error(
    'api-never-reaches-worker-code',
    'What the API process loads leads to no worker file.',
    { path: '^(libs/(?!platform/)[^/]+/src/api/|apps/api/src/domains[.]ts$)', pathNot: TESTS },
    { path: '^(libs/(?!platform/)[^/]+/src/worker/|apps/worker/src/)', reachable: true },
  ),
  error(
    'worker-never-reaches-api-code',
    'What the worker process loads leads to no API file.',
    { path: '^(libs/(?!platform/)[^/]+/src/worker/|apps/worker/src/)', pathNot: TESTS },
    { path: '^(libs/(?!platform/)[^/]+/src/api/|apps/api/src/)', reachable: true },
  ),
];

const hygiene = [
  error(
    'testing-is-for-tests',
    'Factories and fakes (@testing) and test/support are for tests.',
    { path: '^(apps|libs)/', pathNot: TESTS },
    { path: '^(libs/.+/src/testing/|test/|libs/.+/test/)' },
  ),
  error(
    'no-cycles',
    'Two files that need each other are one file, or lack a third.',
    {},
    { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  ),
  error(
    'no-circles-in-a-part',
    'A file of a lib needs another one that leads back to it, be it by a type: take what both need into a third.',
    { path: '^libs/' },
    { circular: true },
  ),
  {
    ...error(
      'no-circles-of-folders',
      'Two folders of one domain need each other: one of them is below, and is handed what it needs of the other.',
      { path: DOMAIN_FOLDER },
      { circular: true, viaOnly: { path: DOMAIN_FOLDER } },
    ),
    scope: 'folder',
  },
  error('resolvable', 'The import leads nowhere.', {}, { couldNotResolve: true }),
  error(
    'packages-are-listed',
    'Import only packages that package.json names: another package may stop bringing this one along.',
    {},
    { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  ),
  error(
    'no-development-package-at-run-time',
    'What runs in production belongs to "dependencies".',
    { path: '^(apps|libs)/', pathNot: TESTS },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: ['node_modules/@types/'] },
  ),
];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...apps,
    ...publicApis,
    ...insideADomain,
    ...neighbours,
    strangers,
    ...platform,
    ...processes,
    ...hygiene,
  ],
  options: {
    // The generator is a package of its own; tests ask it, and its imports are its own matter.
    doNotFollow: { path: ['node_modules', '^tools/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    moduleSystems: ['cjs', 'es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};

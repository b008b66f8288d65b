// Jest's transformer of TypeScript: transpiles only (types are `npm run check`'s work). What it makes depends on the
// file and the compiler, not on the jest project or the folder of the repository: unit, medium and large tests share
// what one of them compiled, and so do copies of the repository.
const { createHash } = require('node:crypto');
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join, relative, resolve } = require('node:path');
const { version } = require('typescript/package.json');

const ROOT = resolve(__dirname, '../..');
const MADE_BY = [version, ...[__filename, join(ROOT, 'tsconfig.json')].map((file) => readFileSync(file, 'utf8'))];

/** The compiler, which is loaded only where something is not compiled yet, and its options. */
let compiler;

function load() {
  const ts = require('typescript');
  const { config } = ts.parseConfigFileTextToJson('tsconfig.json', readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const compilerOptions = {
    ...options,
    moduleResolution: undefined,
    isolatedModules: true,
    incremental: false,
    inlineSourceMap: true,
    inlineSources: true,
    sourceMap: false,
    // Jest finds the sources themselves, so `./names.ts` stays what it is.
    rewriteRelativeImportExtensions: false,
    outDir: undefined,
    paths: undefined,
  };
  const { CommonJS, ESNext } = ts.ModuleKind;
  return (source, fileName) => {
    const module = isOfModules(dirname(fileName)) ? ESNext : CommonJS;
    return ts.transpileModule(source, { fileName, compilerOptions: { ...compilerOptions, module } }).outputText;
  };
}

/** Whether the package that the folder belongs to says `"type": "module"`, as the generator's does. */
function isOfModules(folder) {
  const file = join(folder, 'package.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')).type === 'module';
  return folder !== ROOT && isOfModules(dirname(folder));
}

module.exports = {
  getCacheKey: (source, file) =>
    createHash('sha256')
      .update([...MADE_BY, relative(ROOT, file), source].join('\0'))
      .digest('hex'),
  process: (source, file) => ({ code: (compiler ??= load())(source, file) }),
};

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOTS = ['apps', 'libs'];
const SETTINGS = [
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'package-lock.json',
  'scripts/openapi-plugin.mjs',
];
const STAMP = join('dist', '.sources');
const SETTINGS_STAMP = join('dist', '.settings');
const COMPILER_STATE = join('dist', 'tsconfig.build.tsbuildinfo');

function isSource(path) {
  return path.endsWith('.ts') && !/\.(spec|int-spec)\.ts$/.test(path) && !/(^|[\\/])(test|testing)[\\/]/.test(path);
}

function sources() {
  const files = ROOTS.flatMap((root) => readdirSync(root, { recursive: true }).map((path) => join(root, path)));
  return [...files.filter(isSource), ...SETTINGS].sort();
}

/** What the sources are now: names and contents, so that a branch switched there and back costs no build. */
export function sourcesDigest() {
  return digestOf(sources());
}

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/**
 * Makes the compiler emit every file again where what it was told has changed. It remembers sources and its own options
 * only: after a change of the plugin, or of the plugin's options, files that nobody touched would keep its old words.
 */
export function forgetOtherSettings() {
  const digest = digestOf(SETTINGS);
  if (readIf(SETTINGS_STAMP) === digest) return;
  rmSync(COMPILER_STATE, { force: true });
  mkdirSync('dist', { recursive: true });
  writeFileSync(SETTINGS_STAMP, digest);
}

function readIf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Was `dist` made from these sources? */
export function isBuilt(digest) {
  return readIf(STAMP) === digest;
}

/** Remember that `dist` was made from these sources. */
export function markBuilt(digest) {
  mkdirSync('dist', { recursive: true });
  writeFileSync(STAMP, digest);
}

/** Removes compiled files whose source is gone: a require of one would otherwise go on working here and nowhere else. */
export function pruneOutput() {
  if (!existsSync('dist')) return;
  const present = new Set(sources().map((file) => join('dist', file.replace(/\.ts$/, '.js'))));
  for (const root of ROOTS.map((name) => join('dist', name))) {
    if (!existsSync(root)) continue;
    for (const path of readdirSync(root, { recursive: true })) {
      const file = join(root, path);
      if (file.endsWith('.js') && !present.has(file)) {
        rmSync(file);
        rmSync(`${file}.map`, { force: true });
      }
    }
  }
}

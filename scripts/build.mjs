// Compiles api, worker and cli into dist, in one program: they share the libs, so each of them alone would cost the same.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { forgetOtherSettings, isBuilt, markBuilt, pruneOutput, sourcesDigest } from './support/build-stamp.mjs';
import { exclusively } from './support/exclusively.mjs';

const NEST = join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');

/**
 * Brings dist up to date with the sources; does nothing when it is.
 * @throws Error when the compiler refuses; it has printed why.
 */
export async function build() {
  if (isBuilt(sourcesDigest())) return false;
  return exclusively(join('dist', '.lock'), () => {
    const digest = sourcesDigest();
    if (isBuilt(digest)) return false;
    const started = performance.now();
    console.error('build: compiling …');
    pruneOutput();
    forgetOtherSettings();
    // Nest's compiler rather than tsc: it applies the Swagger plugin and rewrites the path aliases.
    // Its words go to stderr: the output of `omni` may be read by a program.
    const result = spawnSync(process.execPath, [NEST, 'build', 'api'], {
      stdio: ['ignore', 2, 2],
    });
    if (result.status !== 0) throw new Error('build: the compiler refused the sources; see above');
    markBuilt(digest);
    console.error(`build: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return true;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    if (!(await build())) console.error('build: dist is up to date');
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

import { existsSync } from 'node:fs';
import Module from 'node:module';
import { join, resolve } from 'node:path';
import { build } from '../build.mjs';

/**
 * Builds if need be and goes on as the built app, in this process: one process less to pass signals through.
 * NODE_ENV only tells libraries to be fast; what the process does follows from ENVIRONMENT.
 */
export async function runMain(app) {
  try {
    await build();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const main = resolve(join('dist', 'apps', app, 'src', 'main.js'));
  if (!existsSync(main)) {
    console.error(`${main} is missing although dist is up to date: delete dist and repeat`);
    process.exit(1);
  }
  process.env.NODE_ENV ??= 'production';
  process.argv[1] = main;
  // Some 2,000 files are compiled at each start: 5 s became 1.4 s where the disk is slow.
  Module.enableCompileCache();
  Module.runMain();
}

// `npm run bench`: the built API against a bare server; see docs/performance.md.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { become } from './support/child.mjs';

const bench = join('test', 'bench', 'run.mjs');
if (!existsSync(bench)) {
  console.error(`bench: ${bench} is missing; restore it from the repository`);
  process.exit(1);
}
try {
  await build();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
become(process.execPath, [bench, ...process.argv.slice(2)], { env: { ...process.env, NODE_ENV: 'production' } });

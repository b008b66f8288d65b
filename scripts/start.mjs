// `npm start`: the built API (`npm start -- worker`: the built worker), with what it needs made first.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { runMain } from './support/run-main.mjs';

const APPS = ['api', 'worker'];
const app = process.argv[2] ?? 'api';
if (!APPS.includes(app)) {
  console.error(`start: there is no app "${app}"; name one of ${APPS.join(', ')}`);
  process.exit(1);
}
process.argv.splice(2, 1);
if (app === 'api') await seedDemo();
await runMain(app);

/** Demo rows of the embedded mode; `omni` knows whether this is one, and writes only what is missing. */
async function seedDemo() {
  try {
    await build();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
  const omni = join('dist', 'apps', 'cli', 'src', 'main.js');
  const seeded = spawnSync(process.execPath, [omni, 'db', 'seed', '--set', 'demo', '--embedded'], { stdio: 'inherit' });
  if (seeded.status !== 0) process.exit(seeded.status ?? 1);
}

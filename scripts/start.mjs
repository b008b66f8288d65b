// `npm start`: the built API (`npm start -- worker`: the built worker), with what it needs made first.
import { runMain } from './support/run-main.mjs';

const APPS = ['api', 'worker'];
const app = process.argv[2] ?? 'api';
if (!APPS.includes(app)) {
  console.error(`start: there is no app "${app}"; name one of ${APPS.join(', ')}`);
  process.exit(1);
}
process.argv.splice(2, 1);
await runMain(app);

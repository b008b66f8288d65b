// `npm run dev`: the API, compiled again and restarted at each change (`npm run dev -- worker`: the worker).
import { join } from 'node:path';
import { become } from './support/child.mjs';

const nest = join('node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
const [app = 'api', ...rest] = process.argv.slice(2);
become(process.execPath, [nest, 'start', app, '--watch', ...rest]);

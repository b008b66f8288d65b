// `npm run omni -- <command>`: the operator's commands.
import { runMain } from './support/run-main.mjs';

await runMain('cli');

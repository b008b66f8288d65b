// `npm run docs`: writes docs/reference, openapi.json and .env.example from what the code declares.
import { runMain } from './support/run-main.mjs';

process.argv.splice(2, 0, 'docs', 'write');
await runMain('cli');

// `npm run generate …` and `npm run destroy …`: the schematics of this folder, with arguments as people write them.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { logging } from '@angular-devkit/core';
import { NodeWorkflow } from '@angular-devkit/schematics/tools/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const COLLECTION = fileURLToPath(new URL('collection.json', import.meta.url));
const USAGE = `npm run generate <what> …, each with --dry-run if you like:

  domain <name> -- --with api,worker,cli       a domain and the entry points that it serves (default api)
  resource <domain> <resource> <name:type…>            from table to routes, with tests; -- --shared, -- --plural people
  job <domain> <VerbResource>                      such as InspectVehicle
  event <domain> <ResourcePast>                    such as VehicleRetired
  listener <domain> <Event>                    such as VehicleRetired, or fleet.VehicleRetired
  integrity <domain> <resource-has-field>          such as vehicle-has-owner
  decision "<title>"                           the next decision record

npm run destroy domain <name>                  takes all of it away

Types: string text int bigint decimal boolean date timestamp 'enum(a|b)' json uuid 'ref(domain.resource)'
       with ? (may be null), :unique, :index, :default=…`;

const OPTIONS = {
  'dry-run': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  with: { type: 'string' },
  shared: { type: 'boolean' },
  plural: { type: 'string' },
};

/** Without a `--` before them npm takes the switches for its own, and hands them over in the environment only. */
function switchesTakenByNpm() {
  const given = Object.keys(OPTIONS).map((name) => [name, process.env[`npm_config_${name.replace('-', '_')}`]]);
  const isBoolean = (name) => OPTIONS[name].type === 'boolean';
  const read = given.filter(([name, value]) => value && (isBoolean(name) ? value === 'true' : value !== 'true'));
  return Object.fromEntries(read.map(([name, value]) => [name, isBoolean(name) ? true : value]));
}

/** What the schematic gets for the words and switches of the command line. */
function optionsFor(schematic, [name, path, ...rest], { 'dry-run': _dryRun, help: _help, ...switches }) {
  const fields = schematic === 'resource' ? rest.join(' ') : undefined;
  if (schematic === 'domain' && path) throw new Error(`"${path}" is too much: write \`-- --with ${path}\``);
  if (schematic !== 'resource' && rest.length > 0)
    throw new Error(`"${rest.join(' ')}" is too much: quote what belongs together`);
  return Object.fromEntries(
    Object.entries({ name, path, fields, ...switches }).filter(([, value]) => value !== undefined),
  );
}

function lineOf(event) {
  const path = event.path.replace(/^\//, '');
  if (event.kind === 'error')
    return `error   ${path}: ${event.description === 'alreadyExist' ? 'exists' : 'is missing'}`;
  return { create: 'wrote   ', update: 'changed ', delete: 'removed ', rename: 'renamed ' }[event.kind] + path;
}

/** Runs a schematic in one piece: all of it is written, or nothing. Resolves with the files that it touched. */
async function run(schematic, options, isDryRun) {
  const workflow = new NodeWorkflow(root, { dryRun: isDryRun, resolvePaths: [root] });
  const lines = [];
  const words = [];
  const logger = new logging.Logger('generator');
  workflow.reporter.subscribe((event) => lines.push(lineOf(event)));
  logger.subscribe((entry) => words.push(entry.message));
  await workflow.execute({ collection: COLLECTION, schematic, options, logger }).forEach(() => {});
  for (const line of [...new Set(lines)].sort()) console.log(line);
  for (const text of words) console.log(text);
  if (isDryRun) console.log('A dry run: nothing was written.');
}

/** Does the generated reference speak of the domain? Then it is written anew, so that nothing of it stays behind. */
function isDocumented(domain) {
  const folder = join(root, 'docs', 'reference');
  if (!existsSync(folder)) return false;
  return readdirSync(folder).some((file) =>
    new RegExp(`\\b${domain}[./]`).test(readFileSync(join(folder, file), 'utf8')),
  );
}

/** The schematic removes files; what is left of the folders is nothing. */
function removeEmptyFolders(domain) {
  for (const folder of [join(root, 'libs', domain), join(root, 'test', 'e2e', domain)]) {
    const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
    if (entries.every((entry) => entry.isDirectory())) rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const parsed = parseArgs({ options: OPTIONS, allowPositionals: true });
  const values = { ...parsed.values, ...switchesTakenByNpm() };
  const [verb, schematic, ...words] = parsed.positionals;
  if (values.help || !schematic) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const known = verb === 'destroy' ? ['domain'] : Object.keys(JSON.parse(readFileSync(COLLECTION, 'utf8')).schematics);
  if (!known.includes(schematic) || (verb === 'generate' && schematic === 'destroy'))
    throw new Error(`"${verb} ${schematic}" is not known; \`npm run generate -- --help\` lists what is`);
  if (words.length === 0) throw new Error(`${schematic} needs a name; \`npm run generate -- --help\` shows how`);
  if (verb === 'generate') return run(schematic, optionsFor(schematic, words, values), values['dry-run']);
  await run('destroy', { name: words[0] }, values['dry-run']);
  if (!values['dry-run']) removeEmptyFolders(words[0]);
  if (values['dry-run'] || !isDocumented(words[0])) return;
  console.log('The reference speaks of it: npm run docs …');
  process.exitCode =
    spawnSync(process.execPath, [join('scripts', 'docs.mjs')], { cwd: root, stdio: 'inherit' }).status ?? 1;
}

main().catch((error) => {
  console.error(`generate: ${error.message}\nNothing was written.`);
  process.exitCode = 1;
});

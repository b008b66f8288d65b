// Runs a command under the Node that package.json asks for, with the packages that the lockfile names.
// Dependency-free, and written for Node 18 and later: on a newcomer's machine it is the first thing that runs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { become, finish } from './support/child.mjs';
import { exclusively } from './support/exclusively.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, '.tools');
const packages = join(root, 'node_modules');
const stamp = join(packages, '.omnistack-stamp');
const windows = process.platform === 'win32';
const nodeName = `node-${windows ? 'win' : process.platform}-${process.arch}`;
const nodeFolder = join(tools, 'node_modules', nodeName);

/** The lowest accepted version; package.json's engines.node is a caret range, `^24.15.0`. */
function wantedNode() {
  const range = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;
  const match = /^\^(\d+)\.(\d+)\.(\d+)$/.exec(range);
  if (!match)
    throw new Error(`package.json engines.node is "${range}"; write it as ^major.minor.patch, the form read here`);
  return { range, least: match.slice(1).map(Number) };
}

function satisfies(version, least) {
  const have = version.replace(/^v/, '').split('.').map(Number);
  if (have.length !== 3 || have.some(Number.isNaN) || have[0] !== least[0]) return false;
  return have[1] > least[1] || (have[1] === least[1] && have[2] >= least[2]);
}

/** npm's own program, so that this Node runs it and not whatever Node its first line finds. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli) && existsSync(cli)) return [process.execPath, cli];
  return [windows ? 'npm.cmd' : 'npm'];
}

async function npm(args, cwd) {
  const [command, ...first] = npmCommand();
  const all = [...first, ...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    return await finish(command, all, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: command.endsWith('.cmd') });
  } catch (error) {
    return { code: 127, output: `cannot run ${command}: ${error.message}` };
  }
}

function refused(what, result, fix) {
  return new Error(`npm could not install ${what}:\n${result.output.trim()}\n${fix}`);
}

function hasNode(least) {
  const manifest = join(nodeFolder, 'package.json');
  const binary = join(nodeFolder, 'bin', windows ? 'node.exe' : 'node');
  return (
    existsSync(manifest) && existsSync(binary) && satisfies(JSON.parse(readFileSync(manifest, 'utf8')).version, least)
  );
}

async function fetchNode({ range, least }) {
  console.error(`bootstrap: Node ${process.version} is here, ${range} is needed: fetching ${nodeName} into .tools/ …`);
  writeFileSync(join(tools, 'package.json'), '{"private":true}\n');
  const result = await npm(['install', '--no-save', '--no-package-lock', `${nodeName}@${range}`], tools);
  if (result.code === 0 && hasNode(least)) return;
  const fix = `Check the network and npm's registry setting, or install Node ${range} yourself (https://nodejs.org) and repeat.`;
  throw refused(`${nodeName}@${range} into ${tools}`, result, fix);
}

/** What node_modules is made from. Binaries differ by platform, so that is part of it. */
function lockfileDigest() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return hash.update(`${process.platform}-${process.arch}`).digest('hex');
}

function hasPackages() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfileDigest();
}

async function fetchPackages() {
  console.error('bootstrap: installing the packages of package-lock.json …');
  const digest = lockfileDigest();
  // npm ci refuses a lockfile when a mirror lacks another platform's optional binary; npm install takes it as it is.
  // It also empties the folder first, below the feet of whatever runs, so an existing folder is brought up to date.
  const clean = ['ci', '--include=dev'];
  const update = ['install', '--no-save', '--include=dev'];
  const ways = existsSync(packages) ? [update, clean] : [clean, update];
  let result = await npm(ways[0], root);
  if (result.code !== 0) result = await npm(ways[1], root);
  if (result.code !== 0)
    throw refused(`the packages of ${root}`, result, "Check the network and npm's registry setting, then repeat.");
  mkdirSync(packages, { recursive: true });
  writeFileSync(stamp, digest);
}

/** Brings Node and the packages; two commands may begin at once, then the second finds the work done. */
async function provide(wanted, isHostEnough) {
  const isReady = () => (isHostEnough || hasNode(wanted.least)) && hasPackages();
  if (isReady()) return;
  mkdirSync(tools, { recursive: true });
  const waiting = () => console.error('bootstrap: another command is installing; waiting for it …');
  const both = async () => {
    const node = isHostEnough || hasNode(wanted.least) || fetchNode(wanted);
    const results = await Promise.allSettled([node, hasPackages() || fetchPackages()]);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure) throw failure.reason;
  };
  await exclusively(join(tools, 'bootstrap.lock'), both, { waiting });
}

/** The environment under which everything of this repository runs. */
function environmentFor(isHostEnough) {
  const environment = { ...process.env };
  const key = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const first = [join(packages, '.bin')];
  if (!isHostEnough) {
    first.push(join(nodeFolder, 'bin'));
    // A user-level nodedir points at the old Node's headers; addons must see the new one's.
    environment.npm_config_nodedir = nodeFolder;
  }
  environment[key] = [...first, environment[key]].filter(Boolean).join(delimiter);
  return environment;
}

async function main() {
  const [command, ...args] = process.argv.slice(2);
  if (!command) throw new Error('name a command to run, such as `node scripts/bootstrap.mjs node scripts/start.mjs`');
  const wanted = wantedNode();
  const isHostEnough = satisfies(process.version, wanted.least);
  await provide(wanted, isHostEnough);
  become(command, args, { env: environmentFor(isHostEnough), shell: windows });
}

main().catch((error) => {
  console.error(`bootstrap: ${error.message}`);
  process.exit(1);
});

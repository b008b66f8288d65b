// Runs a command under the Node that package.json asks for, with the packages that the lockfile names.
// Dependency-free, and written for Node 18 and later: on a newcomer's machine it is the first thing that runs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { become } from './support/child.mjs';
import { exclusively } from './support/exclusively.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, '.tools');
const windows = process.platform === 'win32';

function fail(message) {
  console.error(`bootstrap: ${message}`);
  process.exit(1);
}

/** The lowest accepted version; package.json's engines.node is a caret range, `^24.15.0`. */
function wantedNode() {
  const range = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;
  const match = /^\^(\d+)\.(\d+)\.(\d+)$/.exec(range);
  if (!match)
    fail(`package.json engines.node is "${range}"; write it as ^major.minor.patch, the form that this script reads`);
  return { range, least: match.slice(1).map(Number) };
}

function satisfies(version, least) {
  const have = version.replace(/^v/, '').split('.').map(Number);
  if (have.length !== 3 || have.some(Number.isNaN) || have[0] !== least[0]) return false;
  return have[1] > least[1] || (have[1] === least[1] && have[2] >= least[2]);
}

/** Path of npm's own program, so that the chosen Node runs it and not whatever Node its shebang finds. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli && /npm-cli\.c?js$/.test(cli) && existsSync(cli)) return [process.execPath, cli];
  return [windows ? 'npm.cmd' : 'npm'];
}

function npm(args, cwd, environment = process.env) {
  const [command, ...first] = npmCommand();
  const all = [...first, ...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { cwd, env: environment, encoding: 'utf8', shell: command.endsWith('.cmd') };
  const result = spawnSync(command, all, options);
  return {
    ok: result.status === 0,
    output: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`.trim(),
  };
}

/** Two `npm` commands may begin at once: the second waits, and then finds the work done. */
function onlyOne(work) {
  const waiting = () => console.error('bootstrap: another command is installing; waiting for it …');
  try {
    return exclusively(join(tools, 'bootstrap.lock'), work, { waiting });
  } catch (error) {
    return fail(error.message);
  }
}

/** Folder of Node's npm package for this machine. */
function nodePackage() {
  const platform = windows ? 'win' : process.platform;
  return {
    name: `node-${platform}-${process.arch}`,
    folder: join(tools, 'node_modules', `node-${platform}-${process.arch}`),
  };
}

function installedNode(folder, least) {
  const manifest = join(folder, 'package.json');
  const binary = join(folder, 'bin', windows ? 'node.exe' : 'node');
  if (!existsSync(manifest) || !existsSync(binary)) return undefined;
  return satisfies(JSON.parse(readFileSync(manifest, 'utf8')).version, least) ? binary : undefined;
}

/** The folder whose `bin` holds an acceptable Node, installed if need be; undefined when the host's own will do. */
function provideNode() {
  const { range, least } = wantedNode();
  if (satisfies(process.version, least)) return undefined;
  const { name, folder } = nodePackage();
  if (installedNode(folder, least)) return folder;
  return onlyOne(() => {
    if (installedNode(folder, least)) return folder;
    console.error(
      `bootstrap: this machine has Node ${process.version}, OmniStack needs ${range}: fetching ${name} into .tools/ …`,
    );
    mkdirSync(tools, { recursive: true });
    writeFileSync(join(tools, 'package.json'), '{"private":true}\n');
    const result = npm(['install', '--no-save', '--no-package-lock', `${name}@${range}`], tools);
    if (result.ok && installedNode(folder, least)) return folder;
    return fail(
      `npm could not install ${name}@${range} into ${tools}:\n${result.output}\n` +
        `Check the network and npm's registry setting, or install Node ${range} yourself (https://nodejs.org) and repeat.`,
    );
  });
}

/** The environment under which everything of this repository runs. */
function environmentWith(nodeFolder) {
  const environment = { ...process.env };
  const key = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const first = [join(root, 'node_modules', '.bin')];
  if (nodeFolder) {
    first.push(join(nodeFolder, 'bin'));
    // A user-level nodedir points at the old Node's headers; addons must see the new one's.
    environment.npm_config_nodedir = nodeFolder;
  }
  environment[key] = [...first, environment[key]].filter(Boolean).join(delimiter);
  return environment;
}

/** What node_modules was made from. Binaries differ by platform, so that is part of it. */
function packagesStamp() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  return hash.update(`${process.platform}-${process.arch}`).digest('hex');
}

function providePackages(environment) {
  const folder = join(root, 'node_modules');
  const stamp = join(folder, '.omnistack-stamp');
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === packagesStamp();
  if (isCurrent()) return;
  onlyOne(() => {
    if (isCurrent()) return;
    console.error('bootstrap: installing the packages of package-lock.json …');
    // npm ci refuses a lockfile when a mirror lacks another platform's optional binary; npm install takes it as it is.
    // It also empties the folder first, below the feet of whatever runs, so an existing folder is brought up to date.
    const ways = existsSync(folder) ? ['install', 'ci'] : ['ci', 'install'];
    let result;
    for (const way of ways) {
      // The build needs the development packages, whatever NODE_ENV says.
      result = npm([way, '--include=dev', ...(way === 'install' ? ['--no-save'] : [])], root, environment);
      if (result.ok) break;
    }
    if (!result.ok) {
      fail(
        `npm could not install the packages of ${root}:\n${result.output}\n` +
          `Check the network and npm's registry setting, then repeat.`,
      );
    }
    writeFileSync(stamp, packagesStamp());
  });
}

const [command, ...args] = process.argv.slice(2);
if (!command) fail('name a command to run, such as `node scripts/bootstrap.mjs node scripts/start.mjs`');
const environment = environmentWith(provideNode());
providePackages(environment);
become(command, args, { env: environment, shell: windows });

// Runs a command under the Node that package.json asks for, with the packages that the lockfile names.
// Dependency-free, and written for Node 18 and later: on a newcomer's machine it is the first thing that runs.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, '.tools');
const windows = process.platform === 'win32';
const LOCK_WAIT_MS = 10 * 60_000;

function fail(message) {
  console.error(`bootstrap: ${message}`);
  process.exit(1);
}

/** The lowest accepted version; package.json's engines.node is a caret range, `^24.15.0`. */
function wantedNode() {
  const range = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node;
  const match = /^\^(\d+)\.(\d+)\.(\d+)$/.exec(range);
  if (!match) fail(`package.json engines.node is "${range}"; write it as ^major.minor.patch, the form that this script reads`);
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
  return { ok: result.status === 0, output: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`.trim() };
}

/** Is the process that holds the lock still there? A lock whose owner died is taken over. */
function isStale(lock) {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    if (!owner) return Date.now() - statSync(lock).mtimeMs > 5_000;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT';
  }
}

/** Runs `work` in one process at a time; two `npm` commands may begin at once. */
function exclusively(work) {
  mkdirSync(tools, { recursive: true });
  const lock = join(tools, 'bootstrap.lock');
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') fail(`cannot write ${lock}: ${error.message}; make the folder writable`);
    }
    if (isStale(lock)) rmSync(lock, { force: true });
    else if (Date.now() > deadline) fail(`another installation holds ${lock} for ten minutes; delete the file if none runs`);
    else {
      if (!waited) console.error('bootstrap: another command is installing; waiting for it …');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Folder of Node's npm package for this machine. */
function nodePackage() {
  const platform = windows ? 'win' : process.platform;
  return { name: `node-${platform}-${process.arch}`, folder: join(tools, 'node_modules', `node-${platform}-${process.arch}`) };
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
  return exclusively(() => {
    if (installedNode(folder, least)) return folder;
    console.error(`bootstrap: this machine has Node ${process.version}, OmniStack needs ${range}: fetching ${name} into .tools/ …`);
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

function installedStamp(environment) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  // Another platform's optional binaries would be missing, so the platform is part of the stamp.
  return hash.update(`${process.platform}-${process.arch}`).digest('hex') + (environment.npm_config_omit ?? '');
}

function providePackages(environment) {
  const file = join(root, 'node_modules', '.omnistack-stamp');
  const isCurrent = () => existsSync(file) && readFileSync(file, 'utf8') === installedStamp(environment);
  if (isCurrent()) return;
  exclusively(() => {
    if (isCurrent()) return;
    console.error('bootstrap: installing the packages of package-lock.json …');
    // npm ci refuses a lockfile when a mirror lacks another platform's optional binary; npm install takes it as it is.
    const clean = npm(['ci'], root, environment);
    const result = clean.ok ? clean : npm(['install', '--no-save'], root, environment);
    if (!result.ok) {
      fail(`npm could not install the packages of ${root}:\n${result.output}\nCheck the network and npm's registry setting, then repeat.`);
    }
    writeFileSync(file, installedStamp(environment));
  });
}

/** Runs the command in this one's place: same streams, each signal once, same exit code. */
function run(command, args, environment) {
  const child = spawn(command, args, { stdio: 'inherit', env: environment, shell: windows });
  // A terminal's Ctrl-C reaches the whole process group, so the child has it already.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  child.on('error', (error) => fail(`cannot run ${command}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 1)));
}

const [command, ...args] = process.argv.slice(2);
if (!command) fail('name a command to run, such as `node scripts/bootstrap.mjs node scripts/start.mjs`');
const environment = environmentWith(provideNode());
providePackages(environment);
run(command, args, environment);

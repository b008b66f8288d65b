import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './sources';

const FOLDERS = ['apps', 'libs', 'test', 'tools', 'docs', 'scripts', '.github', 'dist'];
const NOT_COPIED = /(^|\/)(\.env|\.git|\.lock)$/;

/** What a command said, and how it ended. */
export interface Said {
  readonly status: number | null;
  readonly output: string;
}

/** The repository as it is on this disk, in a folder of its own with a history of one commit; packages are shared. */
export class RepositoryCopy {
  readonly root = mkdtempSync(join(tmpdir(), 'omnistack-copy-'));

  constructor() {
    const files = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => entry.isFile());
    for (const name of [...FOLDERS, ...files.map((file) => file.name)]) {
      const from = join(ROOT, name);
      if (existsSync(from) && !NOT_COPIED.test(name)) {
        cpSync(from, join(this.root, name), { recursive: true, filter: (path) => !NOT_COPIED.test(path) });
      }
    }
    symlinkSync(join(ROOT, 'node_modules'), join(this.root, 'node_modules'));
    this.git('init', '-q');
    // The link to the packages is no folder, so .gitignore's `node_modules/` does not hide it.
    writeFileSync(join(this.root, '.git/info/exclude'), 'node_modules\n');
    this.keep();
  }

  /** Run `node` in the copy, to its end. */
  node(...args: string[]): Said {
    const result = spawnSync(process.execPath, args, { cwd: this.root, encoding: 'utf8', env: environment() });
    return { status: result.status, output: result.stdout + result.stderr };
  }

  /** As {@link node}, beside other work. */
  async beside(...args: string[]): Promise<Said> {
    const child = spawn(process.execPath, args, { cwd: this.root, env: environment() });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { status, output };
  }

  /** `npm run generate …` or `npm run destroy …`, without npm. */
  generator(verb: 'generate' | 'destroy', ...words: string[]): Said {
    return this.node('tools/generator/cli.mjs', verb, ...words);
  }

  /** What differs from the last {@link keep}, one line per file. */
  differences(): string {
    return this.git('status', '--porcelain', '--untracked-files=all');
  }

  /** What differs, and how: equal answers mean equal trees. */
  state(): string {
    this.git('add', '--all', '--intent-to-add');
    const state = this.git('diff');
    this.git('reset', '-q');
    return state;
  }

  /** Take the present state for the one to compare with. */
  keep(): void {
    this.git('add', '--all');
    const person = ['-c', 'user.name=test', '-c', 'user.email=test@example.test', '-c', 'commit.gpgsign=false'];
    this.git(...person, 'commit', '-q', '--no-verify', '--allow-empty', '-m', 'state');
  }

  /** Back to the last {@link keep}. */
  reset(): void {
    this.git('reset', '-q', '--hard');
    this.git('clean', '-fdq');
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private git(...args: string[]): string {
    const result = spawnSync('git', ['-c', 'core.autocrlf=false', ...args], {
      cwd: this.root,
      encoding: 'utf8',
      env: { ...process.env, GIT_DIR: join(this.root, '.git'), GIT_WORK_TREE: this.root },
      maxBuffer: 64 * 1024 * 1024,
    });
    if (result.status !== 0) throw new Error(`git ${args.join(' ')} in ${this.root}: ${result.stderr || result.error}`);
    return result.stdout;
  }
}

/** Jest's own variables must not reach the jest of the copy. */
function environment(): NodeJS.ProcessEnv {
  const { JEST_WORKER_ID: _worker, NODE_OPTIONS: _options, ...rest } = process.env;
  // Each command is a process of its own; compiled once, their packages load in half the time.
  return { ...rest, NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/node-compile') };
}

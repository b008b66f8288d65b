import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppProcess, freePort } from '../../support/app-process';
import { type RepositoryCopy, type Said } from './copy';

const NEWCOMER = { email: 'ann@example.com', password: 'correct horse battery' };

/** The lines under `Next:` of what a command said. */
export function nextSteps(output: string): string[] {
  const [, list = ''] = /^Next:\n((?: {2}.+\n?)+)/m.exec(output) ?? [];
  return list
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Does in a copy what a command suggests, each thing once. */
export class NextSteps {
  private readonly done = new Map<string, Said>();

  constructor(private readonly copy: RepositoryCopy) {}

  /** `command` was run by other means, with this outcome. */
  remember(command: string, said: Said): void {
    this.done.set(command, said);
  }

  /** Run a step. @throws Error for one that fails, or that nobody could run: a hint, and no command */
  async run(step: string): Promise<void> {
    const [line = '', hint = ''] = step.split(/ +# /);
    for (const command of line.split(' && ')) {
      const said = this.done.get(`${command} ${hint}`) ?? this.done.get(command) ?? (await this.perform(command, hint));
      this.done.set(hint ? `${command} ${hint}` : command, said);
      if (said.status !== 0) throw new Error(`${step}: ${command} failed\n${said.output.slice(-6_000)}`);
    }
  }

  private async perform(command: string, hint: string): Promise<Said> {
    const words = wordsOf(command);
    const [first = '', second = '', third = '', ...rest] = words;
    const given = [third, ...rest].filter((word) => word !== '' && word !== '--');
    if (first === 'git') return this.inShell(command);
    if (first === 'write') return { status: existsSync(join(this.copy.root, second)) ? 0 : 1, output: second };
    if (command === 'npm start') return this.start(hint);
    if (first === 'npm' && second === 'test') return this.copy.node('scripts/test.mjs', '--maxWorkers=2', ...given);
    if (first !== 'npm' || second !== 'run') throw new Error(`"${command}" is not a command that a test could run`);
    const more = rest.filter((word) => word !== '--');
    if (third === 'generate' || third === 'destroy') return this.copy.generator(third, ...more);
    if (third === 'omni') return this.omni(more);
    return this.copy.node(`scripts/${third}.mjs`, ...more);
  }

  private inShell(command: string): Said {
    const person = { GIT_AUTHOR_NAME: 'test', GIT_AUTHOR_EMAIL: 'test@example.test' };
    const { status, stderr, stdout } = spawnSync('sh', ['-c', command], {
      cwd: this.copy.root,
      encoding: 'utf8',
      env: { ...process.env, ...person, GIT_COMMITTER_NAME: 'test', GIT_COMMITTER_EMAIL: 'test@example.test' },
    });
    return { status, output: stdout + stderr };
  }

  private omni(words: string[]): Promise<Said> {
    return inFolder(async (folder) => {
      const environment = { ENVIRONMENT: 'local', DATA_DIR: folder };
      const run = async (...each: string[]) => {
        const omni = AppProcess.start('cli', environment, folder, each, this.copy.root);
        return { status: await omni.ended(), output: omni.output };
      };
      await run('db', 'migrate');
      return run(...words);
    });
  }

  /** The API, as built, and the route that the hint names: it is there for people who are signed in. */
  private start(hint: string): Promise<Said> {
    const route = /^then POST (\S+)$/.exec(hint)?.[1];
    if (!route) throw new Error(`"npm start # ${hint}" does not say what to do then`);
    return inFolder(async (folder) => {
      const port = String(await freePort());
      const environment = { ENVIRONMENT: 'local', DATA_DIR: folder, HOST: '127.0.0.1', PORT: port };
      const api = AppProcess.start('api', environment, folder, [], this.copy.root);
      try {
        const base = `http://127.0.0.1:${port}`;
        await api.until(() => isReady(base), 'readiness', 60_000);
        const { access_token } = (await posted(base, '/api/v1/public/auth/register', NEWCOMER)).body;
        const { status, text } = await posted(base, route, {}, access_token);
        // Without a body it cannot be done: by the fields of a resource of one's own, by the role where it is everybody's.
        return { status: [422, 403].includes(status) ? 0 : 1, output: `${status} ${text}` };
      } finally {
        await api.stop();
      }
    });
  }
}

/** Is the process at this address ready? */
export function isReady(base: string): Promise<boolean> {
  return fetch(`${base}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function posted(base: string, path: string, body: object, token?: string) {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await answer.text();
  // Of registering, which its own tests look at.
  return { status: answer.status, text, body: JSON.parse(text) as { access_token?: string } };
}

async function inFolder(work: (folder: string) => Promise<Said>): Promise<Said> {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-next-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As a shell splits them, as far as our own hints need it. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}

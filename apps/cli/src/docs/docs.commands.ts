import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command, CommandRunner, SubCommand } from 'nest-commander';
import { Output } from '../output';
import { Reference } from './reference';

/** Both commands work on the repository in which they are run. @throws Error elsewhere. */
function repositoryRoot(): string {
  if (existsSync('nest-cli.json') && existsSync('docs/reference')) return process.cwd();
  throw new Error(`${process.cwd()} is not the root of the repository: run \`npm run docs\` there`);
}

/** `omni docs write` */
@SubCommand({ name: 'write', description: 'Write docs/reference and .env.example from the built code' })
export class WriteDocsCommand extends CommandRunner {
  constructor(
    private readonly reference: Reference,
    private readonly output: Output,
  ) {
    super();
  }

  async run(): Promise<void> {
    const root = repositoryRoot();
    for (const [path, text] of await this.reference.files()) {
      const file = resolve(root, path);
      mkdirSync(dirname(file), { recursive: true });
      if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
      writeFileSync(file, text);
      this.output.line(`wrote ${path}`);
    }
    this.output.line('The reference says what the code does');
  }
}

/** `omni docs check` */
@SubCommand({
  name: 'check',
  description: 'Compare docs/reference and .env.example with the built code; 1 when they differ',
})
export class CheckDocsCommand extends CommandRunner {
  constructor(
    private readonly reference: Reference,
    private readonly output: Output,
  ) {
    super();
  }

  async run(): Promise<void> {
    const root = repositoryRoot();
    const violations = [...(await this.reference.files())].flatMap(([path, text]) => {
      const file = resolve(root, path);
      return difference(path, text, existsSync(file) ? readFileSync(file, 'utf8') : undefined);
    });
    if (violations.length === 0) return this.output.line('The reference says what the code does');
    violations.forEach((violation) => this.output.line(violation));
    this.output.line('Run `npm run docs` and commit what it writes');
    process.exitCode = 1;
  }
}

/** One line about the first difference between the text wanted and the one found; empty when there is none. */
export function difference(path: string, wanted: string, found: string | undefined): string[] {
  if (found === wanted) return [];
  if (found === undefined) return [`${path} is missing`];
  const there = found.split('\n');
  const line = wanted.split('\n').findIndex((text, index) => text !== there[index]);
  const at = line === -1 ? wanted.split('\n').length : line;
  return [`${path}:${at + 1} differs: "${there[at] ?? '(end)'}" should be "${wanted.split('\n')[at] ?? '(end)'}"`];
}

/** `omni docs`: the generated reference. */
@Command({
  name: 'docs',
  description: 'The reference generated from the code',
  subCommands: [WriteDocsCommand, CheckDocsCommand],
})
export class DocsCommand extends CommandRunner {
  async run(): Promise<void> {
    this.command.help({ error: true });
  }
}

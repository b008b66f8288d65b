import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { normalize, virtualFs } from '@angular-devkit/core';
import { HostTree, type Rule, type SchematicContext } from '@angular-devkit/schematics';

const ROOT = resolve(import.meta.dirname, '../../..');

/** What every installation has; whatever else a team makes or takes away is no matter of these tests. */
const THERE = ['libs/platform', 'libs/users', 'libs/auth'];

/** The lists, in the one form in which the generator reads them. */
const LISTS: Record<string, string> = {
  'architecture.mjs': `/** Domain → the domains whose published services it may call. */
export const DOMAINS = {
  users: [],
  auth: ['users'],
  flags: [],
};

/** Domains that every installation has. */
export const REQUIRED = ['users', 'auth'];
`,
  'apps/domains.ts': `import { AuthModule } from '@omni/auth';
import { UsersModule } from '@omni/users';

/** Every domain, by its core. */
export const CORES = [AuthModule, UsersModule];
`,
  'apps/api/src/domains.ts': `import { AuthApiModule } from '@api/auth';
import { UsersApiModule } from '@api/users';

/** The domains that this process serves. */
export const DOMAINS = [AuthApiModule, UsersApiModule];
`,
  'apps/api/src/inline-worker.ts': `import { UsersWorkerModule } from '@worker/users';

/** What apps/worker does. */
export const INLINE_WORKER = [UsersWorkerModule];
`,
  'apps/worker/src/domains.ts': `import { HttpWorkerModule } from '@worker/platform/http';
import { UsersWorkerModule } from '@worker/users';

/** The domains whose work this process does. */
export const DOMAINS = [HttpWorkerModule, UsersWorkerModule];
`,
  'apps/cli/src/domains.ts': `import { AuthCliModule } from '@cli/auth';

/** The command-line entry points of domains. */
export const DOMAINS = [AuthCliModule];
`,
  '.github/CODEOWNERS': '/libs/users/                @omnistack/users\n',
  'README.md': '# A fixture\n',
};
const COPIED = ['.prettierrc.json', 'docs/decisions/README.md', 'docs/decisions/template.md'];

let host: virtualFs.SimpleMemoryHost | undefined;

/** A small repository in memory, made of what is always there and of lists of its own. */
export function fixtureRepository(): HostTree {
  host ??= hostOf(new Map([...Object.entries(LISTS), ...[...COPIED, ...THERE.flatMap(filesBelow)].map(read)]));
  return new HostTree(host);
}

function hostOf(files: ReadonlyMap<string, string>): virtualFs.SimpleMemoryHost {
  const memory = new virtualFs.SimpleMemoryHost();
  // This host does at once what it is asked.
  for (const [path, text] of files) memory.write(normalize(`/${path}`), virtualFs.stringToFileBuffer(text)).subscribe();
  return memory;
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(ts|md)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
}

function read(path: string): readonly [string, string] {
  return [path, readFileSync(join(ROOT, path), 'utf8')];
}

/** Run a schematic on a tree; resolves with what it says. @throws what it refuses with */
export async function runOn(tree: HostTree, rule: Rule): Promise<string> {
  const said: string[] = [];
  // The schematics use nothing of their context but the log.
  const context = { logger: { info: (text: string) => said.push(text) } } as unknown as SchematicContext;
  await rule(tree, context);
  return said.join('\n');
}

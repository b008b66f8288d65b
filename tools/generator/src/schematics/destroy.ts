import { type Changes } from '../changes.ts';
import { nameOf } from '../names.ts';
import { Refusal } from '../refusal.ts';
import { disown, LIST_FILES, unregister } from '../registers.ts';
import { schematic, type Told } from '../run.ts';
import { withEntries, withoutEntry } from '../source-edit.ts';
import { existingDomain, MAP, tablesOf } from '../workspace.ts';

/** Options of `destroy`: `domain fleet`, or `fleet`. */
export interface DestroyOptions {
  name: string;
  path?: string;
}

const IMPORT = /(?:from|require\(|import\() ?'@(?:omni|contract|api|worker|cli|testing)\/([^'/]+)'/g;

/** Takes a domain away, with every line that the generator writes about it elsewhere. */
export const destroy = schematic<DestroyOptions>(takeAway);

function takeAway(changes: Changes, options: DestroyOptions): Told {
  const place = existingDomain(changes, nameOf(options.path ?? options.name, 'The domain').kebab);
  const { name, root } = place;
  if (requiredDomains(changes).includes(name.kebab))
    throw new Refusal(`${name.kebab} is REQUIRED in ${MAP}: nobody signs in without it, so it stays`);
  const tests = `test/e2e/${name.kebab}`;
  const dependents = dependentsOf(changes, name.kebab, [`${root}/`, `${tests}/`]);
  if (dependents.length > 0)
    throw new Refusal(
      `${name.kebab} is in use: change these first, or destroy their domains before\n${dependents.map((file) => `    ${file}`).join('\n')}`,
    );
  const tables = [...tablesOf(changes)].filter(([, path]) => path.startsWith(`${root}/`)).map(([table]) => table);
  const routes = routesOf(changes, root);
  for (const folder of [root, tests]) changes.deleteBelow(folder);
  unregister(changes, place);
  changes.edit(MAP, (source) =>
    withoutEntry(
      withEntries(source, 'DOMAINS', (names) => names.filter((other) => other !== name.kebab)),
      'DOMAINS',
      name.kebab,
    ),
  );
  disown(changes, place);
  return {
    not: [
      ...pagesAbout(changes, root).map((page) => `${page} speaks of ${root}: say something else there`),
      ...tablesLeft(tables, name.kebab),
      ...usesOf(changes, routes),
    ],
    next: ['npm run docs        # the reference says what the code says', 'npm run check && npm test', 'git status'],
  };
}

/** Code goes, rows do not. */
function tablesLeft(tables: readonly string[], domain: string): string[] {
  if (tables.length === 0) return [];
  return [
    `${tables.join(', ')}, in every database that was migrated: \`npm run omni -- db drop ${domain}\` shows them there, and ` +
      'with --yes takes them away',
  ];
}

/** `app/vehicles` and whatever else its controllers answer at. */
function routesOf(changes: Changes, root: string): string[] {
  const controllers = changes.filesBelow(root).filter((path) => path.endsWith('.controller.ts'));
  return controllers.flatMap((path) =>
    [...changes.read(path).text.matchAll(/@Controller\((?:\{ path: )?'([a-z-]+\/[a-z-]+)/g)].map(
      ([, route = '']) => route,
    ),
  );
}

/** What is left and speaks of its routes: no import shows it, and it fails when it runs. */
function usesOf(changes: Changes, routes: readonly string[]): string[] {
  const files = ['apps', 'test'].flatMap((folder) => changes.filesBelow(folder)).filter((path) => /\.m?ts$/.test(path));
  const users = files.filter((path) => {
    const { text } = changes.read(path);
    return routes.some((route) => new RegExp(`\\b${route}\\b(?!-)`).test(text));
  });
  if (users.length === 0) return [];
  return [
    `its routes are spoken of in these files: give them others, or what tests them fails\n    ${users.join('\n    ')}`,
  ];
}

/** Pages written by people that name a file of the domain. */
function pagesAbout(changes: Changes, root: string): string[] {
  const docs = changes.filesBelow('docs').filter((file) => file.endsWith('.md') && !file.startsWith('docs/reference/'));
  const pages = ['README.md', 'CONTRIBUTING.md', ...docs].filter((file) => changes.has(file));
  return pages.filter((file) => changes.read(file).text.includes(`${root}/`));
}

/** Domains that every installation has. */
function requiredDomains(changes: Changes): string[] {
  const list = /export const REQUIRED = \[([^\]]*)\]/.exec(changes.read(MAP).text)?.[1];
  if (list === undefined)
    throw new Refusal(
      `${MAP} was reshaped: \`export const REQUIRED = [...]\` is not in it. Add by hand, then repeat:\n    export const REQUIRED = ['users', 'auth'];`,
    );
  return [...list.matchAll(/'([a-z0-9-]+)'/g)].map(([, name = '']) => name);
}

/** Files elsewhere that import something of the domain; the lists of the apps are ours to shorten. */
function dependentsOf(changes: Changes, domain: string, own: readonly string[]): string[] {
  const files = ['apps', 'libs', 'test']
    .flatMap((folder) => changes.filesBelow(folder))
    .filter((file) => file.endsWith('.ts'));
  const others = files.filter((file) => !LIST_FILES.includes(file) && !own.some((folder) => file.startsWith(folder)));
  return others.filter(
    (file) =>
      [...changes.read(file).text.matchAll(IMPORT)].some(([, imported]) => imported === domain) &&
      !isAboutImports(file),
  );
}

/** The architecture tests speak of imports in texts, and import no domain. */
function isAboutImports(file: string): boolean {
  return file.startsWith('test/architecture/');
}

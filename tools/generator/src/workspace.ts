import { randomInt } from 'node:crypto';
import { type Changes } from './changes.ts';
import { type Name, nameOf } from './names.ts';
import { Refusal } from './refusal.ts';
import { entriesOf } from './source-edit.ts';
import { untagged } from './tags.ts';

/** The rule: who may call whom. */
export const MAP = 'architecture.mjs';

/** What a process may load of a domain. */
export const ENTRY_POINTS = ['api', 'worker', 'cli'] as const;

/** One of {@link ENTRY_POINTS}. */
export type EntryPoint = (typeof ENTRY_POINTS)[number];

/** Where a domain lives. */
export interface DomainPlace {
  readonly name: Name;
  /** `libs/fleet` */
  readonly root: string;
  readonly src: string;
  /** Path of the core module. */
  readonly module: string;
  readonly readme: string;
}

/** Where a domain of this name lives, or would live. */
export function placeOf(name: Name): DomainPlace {
  const root = `libs/${name.kebab}`;
  return { name, root, src: `${root}/src`, module: `${root}/src/${name.kebab}.module.ts`, readme: `${root}/README.md` };
}

/** A file of a domain's contract: its events, jobs or permissions. */
export function contractOf({ name, src }: DomainPlace, kind: 'events' | 'jobs' | 'permissions'): string {
  return `${src}/contract/${name.kebab}.${kind}.ts`;
}

/** Names of the domains that are there. */
export function domainsOf(changes: Changes): string[] {
  return changes
    .foldersOf('libs')
    .filter((name) => name !== 'platform' && changes.has(placeOf(nameOf(name, 'The domain')).module));
}

/** A domain that is there. @throws Refusal naming those that are */
export function existingDomain(changes: Changes, text: string): DomainPlace {
  const place = placeOf(nameOf(text, 'The domain'));
  if (changes.has(place.module)) return place;
  throw new Refusal(
    `There is no domain "${place.name.kebab}" (no ${place.module}): make it with \`npm run generate domain ${place.name.kebab}\`, ` +
      `or take one of ${domainsOf(changes).join(', ')}`,
  );
}

/** @throws Refusal when the domain does not serve the entry point */
export function mustHaveEntryPoint(changes: Changes, { name, src }: DomainPlace, entryPoint: EntryPoint): void {
  if (changes.has(`${src}/${entryPoint}/index.ts`)) return;
  throw new Refusal(
    `${name.kebab} has no ${entryPoint} entry point (no ${src}/${entryPoint}/index.ts): add it with \`npm run generate domain ${name.kebab} -- --with ${entryPoint}\``,
  );
}

/** The domains that `domain` may call, by the map. */
export function neighboursOf(changes: Changes, domain: string): readonly string[] {
  return entriesOf(changes.read(MAP), 'DOMAINS').get(domain) ?? [];
}

/** @throws Refusal when the map does not let `domain` call `other` */
export function mustBeMapped(changes: Changes, domain: string, other: string, why: string): void {
  if (domain === other || neighboursOf(changes, domain).includes(other)) return;
  throw new Refusal(
    `${MAP} does not let ${domain} call ${other}, and ${why}: add '${other}' to the line of ${domain} there; a new arrow is a decision`,
  );
}

/** A resource as it is found in a domain. */
export interface KnownResource {
  readonly place: DomainPlace;
  readonly one: Name;
  readonly many: Name;
  /** Belongs to no person. */
  readonly shared: boolean;
  /** The resource of the domain, whose files lie in `src` itself. */
  readonly flat: boolean;
  readonly entity: string;
  /** Wire names of its columns, with what they are. */
  readonly columns: readonly KnownColumn[];
}

/** A column of an entity that is there. */
export interface KnownColumn {
  readonly name: Name;
  readonly nullable: boolean;
  /** The table that it refers to. */
  readonly refersTo?: string;
  /** Refers to a person or a tenant, and so to no single table. */
  readonly isOwner: boolean;
}

const COLUMN = /((?:^ {2}@.*\n)+) {2}(\w+): /gm;

/** The resource of a domain, read from its entity. */
export function findResource(changes: Changes, place: DomainPlace, resource: string): KnownResource | undefined {
  const one = nameOf(resource, 'The resource');
  const entity = `${place.src}/entities/${one.kebab}.entity.ts`;
  if (!changes.has(entity)) return undefined;
  const { text } = changes.read(entity);
  const many = nameOf(/@Entity\('([a-z0-9_]+)'\)/.exec(text)?.[1] ?? '', `The table in ${entity}`);
  const columns = [...text.matchAll(COLUMN)].map(([, decorators = '', property = '']) => ({
    name: nameOf(property, 'The column'),
    nullable: decorators.includes('nullable: true'),
    isOwner: property === 'ownerId',
    ...(/@ForeignKey\('(\w+)'/.test(decorators) ? { refersTo: /@ForeignKey\('(\w+)'/.exec(decorators)?.[1] } : {}),
  }));
  const shared = !columns.some(({ isOwner }) => isOwner);
  return { place, one, many, shared, flat: untagged(many.kebab) === untagged(place.name.kebab), entity, columns };
}

/** All resources of a domain. */
export function resourcesOf(changes: Changes, place: DomainPlace): KnownResource[] {
  const entities = changes
    .filesBelow(`${place.src}/entities`)
    .flatMap((path) => /([a-z0-9-]+)\.entity\.ts$/.exec(path)?.[1] ?? []);
  return entities.sort().flatMap((resource) => findResource(changes, place, resource) ?? []);
}

/** Every table, with the file that declares it: an entity, or a migration where there is none. */
export function tablesOf(changes: Changes): Map<string, string> {
  const files = changes.filesBelow('libs').filter((path) => path.includes('/src/'));
  const found = (ending: string, table: RegExp) =>
    files
      .filter((path) => path.endsWith(ending))
      .flatMap((path) => [...changes.read(path).text.matchAll(table)].map(([, name = '']) => [name, path] as const));
  return new Map([
    ...found('.migration.ts', /\bcreateTable\(\s*'([a-z0-9_]+)'/g),
    ...found('.entity.ts', /@Entity\('([a-z0-9_]+)'/g),
  ]);
}

/** The file of the controller that answers at this route or below it. */
export function controllerAt(changes: Changes, route: string): string | undefined {
  const at = new RegExp(`@Controller\\((?:\\{ path: )?'${route}[/']`);
  const controllers = changes.filesBelow('libs').filter((path) => /\/src\/.*\.controller\.ts$/.test(path));
  return controllers.find((path) => at.test(changes.read(path).text));
}

/**
 * The timestamp of a new migration: the time of day, for a database knows a migration by its name, and one that was
 * destroyed and made anew must have another. Behind the newest that is there, so that the order is the order of making;
 * where that one is of the future, by a distance that nobody repeats.
 */
export function nextTimestamp(changes: Changes, now = Date.now()): number {
  const migrations = changes.filesBelow('libs').filter((path) => path.endsWith('.migration.ts'));
  const stamps = migrations.flatMap((path) =>
    [...changes.read(path).text.matchAll(/class \w+?(\d{13}) /g)].map(([, stamp]) => Number(stamp)),
  );
  const newest = Math.max(0, ...stamps);
  return now > newest ? now : newest + 1 + randomInt(1_000_000);
}

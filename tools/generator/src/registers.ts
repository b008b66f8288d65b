import { type Changes } from './changes.ts';
import { type Name } from './names.ts';
import { Refusal } from './refusal.ts';
import { importsFrom, withArrayItem, withImport, withoutArrayItem, withoutImport } from './source-edit.ts';
import { type DomainPlace, type EntryPoint, ENTRY_POINTS } from './workspace.ts';

const OWNERS = '.github/CODEOWNERS';
const OWNER_COLUMN = 28;

/** What a list of domains loads of one: the core, which all processes share, or an entry point. */
export type Part = 'core' | EntryPoint;

/** The lists that name a domain, by what they load of it; the API keeps the worker's for its inline worker. */
const LISTS: Record<Part, readonly { path: string; list: string }[]> = {
  core: [{ path: 'apps/domains.ts', list: 'CORES' }],
  api: [{ path: 'apps/api/src/domains.ts', list: 'DOMAINS' }],
  worker: [
    { path: 'apps/worker/src/domains.ts', list: 'DOMAINS' },
    { path: 'apps/api/src/inline-worker.ts', list: 'INLINE_WORKER' },
  ],
  cli: [{ path: 'apps/cli/src/domains.ts', list: 'DOMAINS' }],
};

/** `FleetApiModule` */
export function entryPointModule(name: Name, entryPoint: EntryPoint): string {
  return `${name.pascal}${entryPoint.charAt(0).toUpperCase()}${entryPoint.slice(1)}Module`;
}

/** Every file that names domains by such a list. */
export const LIST_FILES: readonly string[] = Object.values(LISTS).flatMap((lists) => lists.map(({ path }) => path));

/** `FleetModule`, `FleetApiModule` */
function moduleOf(name: Name, part: Part): string {
  return part === 'core' ? `${name.pascal}Module` : entryPointModule(name, part);
}

/** `@omni/fleet`, `@api/fleet` */
function publicApiOf(name: Name, part: Part): string {
  return `@${part === 'core' ? 'omni' : part}/${name.kebab}`;
}

/** Name the domain where the part is loaded. */
export function register(changes: Changes, { name }: DomainPlace, part: Part): void {
  const module = moduleOf(name, part);
  const from = publicApiOf(name, part);
  for (const { list, path } of LISTS[part]) {
    const byHand = [`import { ${module} } from '${from}';`, `${list}: ${module}`];
    changes.edit(path, (source) => withImport(withArrayItem(source, list, module, byHand), [module], from));
  }
}

/** Take the domain out of every list, under whatever name it is imported there. */
export function unregister(changes: Changes, place: DomainPlace): void {
  for (const part of ['core', ...ENTRY_POINTS] as const) unregisterPart(changes, place, part);
}

function unregisterPart(changes: Changes, { name }: DomainPlace, part: Part): void {
  const from = publicApiOf(name, part);
  for (const { list, path } of LISTS[part]) {
    const modules = importsFrom(changes.read(path), from);
    changes.edit(path, (source) =>
      withoutImport(
        modules.reduce((text, module) => withoutArrayItem(text, list, module), source),
        from,
      ),
    );
  }
}

/** Give the folder of a domain its owners. */
export function own(changes: Changes, { name, root }: DomainPlace): void {
  const line = `${`/${root}/ `.padEnd(OWNER_COLUMN)}@omnistack/${name.kebab}`;
  changes.edit(OWNERS, (source) => {
    if (source.text.split('\n').some((other) => other.startsWith(`/${root}/ `))) return source;
    const strange = source.text.split('\n').find((other) => other !== '' && !/^(#|\/\S* +@\S)/.test(other));
    if (strange !== undefined)
      throw new Refusal(
        `${OWNERS} was reshaped: "${strange}" is no "/folder/ @team". Add by hand, then repeat:\n    ${line}`,
      );
    return { ...source, text: `${source.text.trimEnd()}\n${line}\n` };
  });
}

/** Take the owners of a domain's folder away. */
export function disown(changes: Changes, { root }: DomainPlace): void {
  changes.edit(OWNERS, (source) => {
    const lines = source.text.split('\n').filter((line) => !line.startsWith(`/${root}/ `));
    return { ...source, text: lines.join('\n') };
  });
}

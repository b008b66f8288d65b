import { type Changes } from './changes.ts';
import { type Name } from './names.ts';
import { Refusal } from './refusal.ts';
import { importsFrom, withArrayItem, withImport, withoutArrayItem, withoutImport } from './source-edit.ts';
import { type DomainPlace, type Side } from './workspace.ts';

const OWNERS = '.github/CODEOWNERS';
const OWNER_COLUMN = 28;

/** The lists in which an app names the domains that it serves by a side; the API keeps the worker's for its inline worker. */
const LISTS: Record<Side, readonly { path: string; list: string }[]> = {
  api: [{ path: 'apps/api/src/domains.ts', list: 'DOMAINS' }],
  worker: [
    { path: 'apps/worker/src/domains.ts', list: 'DOMAINS' },
    { path: 'apps/api/src/inline-worker.ts', list: 'INLINE_WORKER' },
  ],
  cli: [{ path: 'apps/cli/src/domains.ts', list: 'DOMAINS' }],
};

/** `FleetApiModule` */
export function sideModule(name: Name, side: Side): string {
  return `${name.pascal}${side.charAt(0).toUpperCase()}${side.slice(1)}Module`;
}

/** Name the domain in the apps that serve the side. */
export function register(changes: Changes, { name }: DomainPlace, side: Side): void {
  const module = sideModule(name, side);
  const from = `@${side}/${name.kebab}`;
  for (const { list, path } of LISTS[side]) {
    const byHand = [`import { ${module} } from '${from}';`, `${list}: ${module}`];
    changes.edit(path, (source) => withImport(withArrayItem(source, list, module, byHand), [module], from));
  }
}

/** Take the domain out of the apps that serve the side, under whatever name they import it. */
export function unregister(changes: Changes, { name }: DomainPlace, side: Side): void {
  const from = `@${side}/${name.kebab}`;
  for (const { list, path } of LISTS[side]) {
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
  const line = `${`/${root}/`.padEnd(OWNER_COLUMN)}@omnistack/${name.kebab}`;
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

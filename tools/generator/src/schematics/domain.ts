import { type Changes } from '../changes.ts';
import { type Name, nameOf, singularOf } from '../names.ts';
import { Refusal } from '../refusal.ts';
import { own, register, entryPointModule } from '../registers.ts';
import { type OnTrial, PROBE } from '../rehearsal.ts';
import { mustBeFree } from '../reserved.ts';
import { schematic, type Told } from '../run.ts';
import { entriesOf, withEntry } from '../source-edit.ts';
import { tagged } from '../tags.ts';
import {
  coreModuleTemplate,
  domainTestTemplate,
  MADE_BY,
  readmeTemplate,
  entryPointModuleTemplate,
} from '../templates/domain.ts';
import { type DomainPlace, MAP, neighboursOf, placeOf, type EntryPoint, ENTRY_POINTS } from '../workspace.ts';
import { makeEvent } from './event.ts';
import { makeRule } from './integrity.ts';
import { makeJob } from './job.ts';
import { makeListener } from './listener.ts';
import { makeResource } from './resource.ts';

/** Options of `domain`. */
export interface DomainOptions {
  name: string;
  with?: string;
}

/** A domain: its core, and the entry points that it serves, known to the map and to the apps. */
export const domain = schematic<DomainOptions>(makeDomain, rehearseDomain);

/** The domain with tags, and one of everything that may come into it later. */
function rehearseDomain(stage: Changes, { name }: DomainOptions): OnTrial[] | undefined {
  if (stage.has(placeOf(nameOf(name, 'The domain')).module)) return undefined;
  const into = { name: tagged(name, 0) };
  const one = nameOf(PROBE.resource, 'The resource');
  makeDomain(stage, { ...into, with: ENTRY_POINTS.join() });
  makeResource(stage, { ...into, path: one.kebab, fields: 'label:string' });
  makeJob(stage, { ...into, path: `Zzdo${one.pascal}` });
  makeEvent(stage, { ...into, path: `${one.pascal}Zzdone` });
  makeListener(stage, { ...into, path: `${into.name}.${one.pascal}Zzdone` });
  makeRule(stage, { ...into, path: `${one.kebab}-has-owner` });
  return [{ name: `The domain "${name}"`, instead: 'take another word, or add one to it' }];
}

function makeDomain(changes: Changes, options: DomainOptions): Told {
  const name = mustBeFree(nameOf(options.name, 'The domain'), 'domain');
  const entryPoints = entryPointsOf(options.with ?? 'api');
  const place = placeOf(name);
  mustBeOurs(changes, place);
  changes.edit(MAP, (source) => {
    const isMapped = entriesOf(source, 'DOMAINS').has(name.kebab);
    return isMapped ? source : withEntry(source, 'DOMAINS', name.kebab, "['users']");
  });
  own(changes, place);
  changes.create(place.readme, readmeTemplate(place));
  changes.create(place.module, coreModuleTemplate(place));
  changes.create(`${place.src}/index.ts`, `export { ${name.pascal}Module } from './${name.kebab}.module';`);
  changes.create(`${place.root}/test/${name.kebab}.int-spec.ts`, domainTestTemplate(place));
  register(changes, place, 'core');
  for (const entryPoint of entryPoints) makeEntryPoint(changes, place, entryPoint);
  const mayCallUsers = neighboursOf(changes, name.kebab).includes('users');
  const missing = ENTRY_POINTS.filter((entryPoint) => !changes.has(`${place.src}/${entryPoint}/index.ts`));
  return {
    not: missing.map(
      (entryPoint) =>
        `${entryPoint} entry point: \`npm run generate domain ${name.kebab} -- --with ${entryPoint}\` adds it`,
    ),
    next: [
      missing.includes('api')
        ? `npm run generate domain ${name.kebab} -- --with api    # for a resource: it has routes`
        : `npm run generate resource ${name.kebab} ${firstResource(name)} name:string${mayCallUsers ? '' : ' -- --shared'}`,
      'npm run docs        # the reference says what the code says',
      'npm run check && npm test',
    ],
  };
}

/** A resource for the next step: that of the domain, if its name is a plural. Short, for it becomes part of longer names. */
function firstResource(domain: Name): string {
  const own = singularOf(domain);
  return own ? own.kebab : domain.kebab.length > 18 ? 'item' : `${domain.kebab}-item`;
}

function entryPointsOf(text: string): EntryPoint[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  const wrong = words.find((word) => !ENTRY_POINTS.some((entryPoint) => entryPoint === word));
  if (wrong !== undefined || words.length === 0)
    throw new Refusal(
      `--with "${text}" names ${wrong ? `the unknown entry point "${wrong}"` : 'no entry point'}: take some of ${ENTRY_POINTS.join(',')}`,
    );
  return ENTRY_POINTS.filter((entryPoint) => words.includes(entryPoint));
}

function mustBeOurs(changes: Changes, { name, module, readme, root }: DomainPlace): void {
  if (changes.filesBelow(root).length === 0) return;
  if (changes.has(module) && changes.has(readme) && changes.read(readme).text.includes(MADE_BY(name.kebab))) return;
  throw new Refusal(
    `The domain "${name.kebab}" exists (${root}) and was not made by the generator: take another name, or add to it with ` +
      `\`npm run generate resource ${name.kebab} …\``,
  );
}

function makeEntryPoint(changes: Changes, place: DomainPlace, entryPoint: EntryPoint): void {
  const file = `${place.name.kebab}-${entryPoint}.module`;
  changes.create(`${place.src}/${entryPoint}/${file}.ts`, entryPointModuleTemplate(place, entryPoint));
  changes.create(
    `${place.src}/${entryPoint}/index.ts`,
    `export { ${entryPointModule(place.name, entryPoint)} } from './${file}';`,
  );
  register(changes, place, entryPoint);
}

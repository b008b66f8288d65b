import { type Changes } from '../changes.ts';
import { nameOf } from '../names.ts';
import { Refusal } from '../refusal.ts';
import { own, register, sideModule } from '../registers.ts';
import { schematic, type Told } from '../run.ts';
import { entriesOf, withEntry } from '../source-edit.ts';
import {
  coreModuleTemplate,
  domainTestTemplate,
  MADE_BY,
  readmeTemplate,
  sideModuleTemplate,
} from '../templates/domain.ts';
import { type DomainPlace, MAP, placeOf, type Side, SIDES } from '../workspace.ts';

/** Options of `domain`. */
export interface DomainOptions {
  name: string;
  with?: string;
}

/** A domain: its core, and the sides that it serves, known to the map and to the apps. */
export const domain = schematic<DomainOptions>(makeDomain);

function makeDomain(changes: Changes, options: DomainOptions): Told {
  const name = nameOf(options.name, 'The domain');
  const sides = sidesOf(options.with ?? 'api');
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
  for (const side of sides) makeSide(changes, place, side);
  const missing = SIDES.filter((side) => !changes.has(`${place.src}/${side}/index.ts`));
  return {
    not: missing.map((side) => `${side} side: \`npm run generate domain ${name.kebab} -- --with ${side}\` adds it`),
    next: [
      `npm run generate noun ${name.kebab} <noun> name:string`,
      'npm run docs        # the reference says what the code says',
      'npm run check && npm test',
    ],
  };
}

function sidesOf(text: string): Side[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
  const wrong = words.find((word) => !SIDES.some((side) => side === word));
  if (wrong !== undefined || words.length === 0)
    throw new Refusal(
      `--with "${text}" names ${wrong ? `the unknown side "${wrong}"` : 'no side'}: take some of ${SIDES.join(',')}`,
    );
  return SIDES.filter((side) => words.includes(side));
}

function mustBeOurs(changes: Changes, { name, module, readme, root }: DomainPlace): void {
  if (name.kebab === 'platform')
    throw new Refusal('"platform" is the folder of mechanism without business meaning: take another name');
  if (changes.filesBelow(root).length === 0) return;
  if (changes.has(module) && changes.has(readme) && changes.read(readme).text.includes(MADE_BY(name.kebab))) return;
  throw new Refusal(
    `The domain "${name.kebab}" exists (${root}) and was not made by the generator: take another name, or add to it with ` +
      `\`npm run generate noun ${name.kebab} …\``,
  );
}

function makeSide(changes: Changes, place: DomainPlace, side: Side): void {
  const file = `${place.name.kebab}-${side}.module`;
  changes.create(`${place.src}/${side}/${file}.ts`, sideModuleTemplate(place, side));
  changes.create(`${place.src}/${side}/index.ts`, `export { ${sideModule(place.name, side)} } from './${file}';`);
  register(changes, place, side);
}

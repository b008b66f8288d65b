import { type Changes } from '../changes.ts';
import { fieldsOf } from '../fields.ts';
import { nameOf, pluralOf } from '../names.ts';
import { type ResourcePlan, planResource, serviceFile } from '../resource-plan.ts';
import { addReadmeRow, readmeNote } from '../readme.ts';
import { type OnTrial, PROBE } from '../rehearsal.ts';
import { Refusal } from '../refusal.ts';
import { mustBeFree } from '../reserved.ts';
import { schematic, type Told } from '../run.ts';
import { withBlock, withContract, withDecoratorItem, withEntry, withExport, withImport } from '../source-edit.ts';
import { tagged } from '../tags.ts';
import { controllerTemplate, dtoTemplate } from '../templates/api.ts';
import { eventBlocks, lifeEvents, ownerHears, permissionEntries } from '../templates/contract.ts';
import { RESOURCE_TABLE } from '../templates/domain.ts';
import { entityExports, entityTemplate } from '../templates/entity.ts';
import { migrationTemplate } from '../templates/migration.ts';
import { repositoryTemplate } from '../templates/repository.ts';
import { serviceTemplate } from '../templates/service.ts';
import { dtoSpecTemplate, factoryOf, factoryTemplate } from '../templates/testing.ts';
import { fixturesTemplate, largeTestTemplate, mediumTestTemplate } from '../templates/tests.ts';
import { existingDomain, findResource, mustHaveEntryPoint, nextTimestamp } from '../workspace.ts';
import { makeRule } from './integrity.ts';

/** Options of `resource`; `nest g` hands everything over in `name` and `path`. */
export interface ResourceOptions {
  name: string;
  path?: string;
  fields?: string;
  shared?: boolean;
  plural?: string;
}

/** A resource of a domain: entity, repository, service, DTOs, routes, migration, permissions, events, factory, tests. */
export const resource = schematic<ResourceOptions>(makeResource, rehearseResource);

/** The resource with tags, and what may be written about it later: a resource that refers to it, and rules about both. */
function rehearseResource(stage: Changes, options: ResourceOptions): OnTrial[] | undefined {
  const { domain, fields, word } = wordsOf(options);
  if (findResource(stage, existingDomain(stage, domain), word)) return undefined;
  const one = tagged(word, 0);
  const plural = options.plural && tagged(options.plural, 1);
  const shared = options.shared ?? false;
  const texts = fields.map((field, index) => tagged(field, index + 2));
  makeResource(stage, { name: domain, path: one, fields: texts.join(' '), shared, ...(plural ? { plural } : {}) });
  const linked = `${PROBE.field}:ref(${domain}.${one})`;
  makeResource(stage, { name: domain, path: PROBE.resource, fields: `label:string ${linked}`, shared });
  makeRule(stage, { name: domain, path: `${PROBE.resource}-has-${PROBE.field}` });
  if (!shared) makeRule(stage, { name: domain, path: `${one}-has-owner` });
  return [
    { name: `The resource "${word}"`, instead: `take another word, such as ${domain}-${word}` },
    { name: `The plural "${options.plural}"`, instead: 'say another with --plural' },
    ...fields.map((field) => {
      const [name = ''] = field.split(':');
      return { name: `The field "${name}"`, instead: `take another word, such as ${word}-${name}` };
    }),
  ];
}

/** `nest g` has room for two words and turns blanks into dashes, hence the commas: fleet vehicle,plate:string,seats:int */
function wordsOf(options: ResourceOptions): { domain: string; word: string; fields: string[] } {
  const [domain = '', word = '', ...fields] = [options.name, options.path, options.fields]
    .filter(Boolean)
    .join(' ')
    .split(/[\s,]+/);
  return { domain, word, fields };
}

/** The work of {@link resource}. */
export function makeResource(changes: Changes, options: ResourceOptions): Told {
  const { domain, fields, word } = wordsOf(options);
  if (!word)
    throw new Refusal(
      `A resource needs a domain, a name and fields: npm run generate resource fleet vehicle plate:string:unique`,
    );
  const place = existingDomain(changes, domain);
  mustHaveEntryPoint(changes, place, 'api');
  const one = mustBeFree(nameOf(word, 'The resource'), 'resource');
  const many = mustBeFree(pluralOf(one, options.plural), 'plural');
  if (many.kebab === one.kebab)
    throw new Refusal(`The resource "${one.kebab}" is its own plural: say another with --plural`);
  const plan = planResource(changes, { place, one, many, shared: options.shared ?? false, fields: fieldsOf(fields) });
  mustBeTheSame(changes, plan);
  writeCore(changes, plan);
  writeContract(changes, plan);
  writeApi(changes, plan);
  writeTests(changes, plan);
  const row = readmeRow(plan);
  return {
    not: [
      ...readmeNote(place, addReadmeRow(changes, place, RESOURCE_TABLE, row), row),
      'search, restoring of deleted rows and demo rows: libs/projects shows how',
    ],
    next: [
      'npm run docs        # the reference says what the code says',
      'npm run check && npm test',
      'npm start           # then POST /api/v1/' + plan.route,
    ],
  };
}

/** A second run with the same fields is welcome; with others it would leave a table that nobody described. */
function mustBeTheSame(changes: Changes, { fields, one, place, shared }: ResourcePlan): void {
  const known = findResource(changes, place, one.kebab);
  if (!known) return;
  const own = ['id', 'owner_id', 'version', 'created_at', 'updated_at'];
  const there = known.columns.map(({ name }) => name.snake).filter((name) => !own.includes(name));
  const asked = fields.map(({ field }) => field.name.snake);
  if (there.join() === asked.join() && known.shared === shared) return;
  throw new Refusal(
    `${one.pascal} exists (${known.entity}) with ${there.join(', ')}, not with ${asked.join(', ')}${known.shared === shared ? '' : ' and another owner'}: ` +
      'add a migration and change the entity by hand, or take another resource',
  );
}

function writeCore(changes: Changes, plan: ResourcePlan): void {
  const { many, one, place } = plan;
  const folder = `${place.src}/${plan.folder}`;
  const file = `create-${many.kebab}.migration`;
  const path = `${place.src}/migrations/${file}.ts`;
  const known = changes.has(path) ? /class (\w+)/.exec(changes.read(path).text)?.[1] : undefined;
  const migration = known ?? `Create${many.pascal}${nextTimestamp(changes)}`;
  changes.create(`${place.src}/entities/${one.kebab}.entity.ts`, entityTemplate(plan));
  changes.create(path, migrationTemplate(plan, migration));
  changes.create(`${folder}${one.kebab}.repository.ts`, repositoryTemplate(plan));
  changes.create(`${folder}${many.kebab}.service.ts`, serviceTemplate(plan));
  changes.edit(`${place.src}/index.ts`, (source) => {
    const entity = withExport(source, entityExports(plan), `./entities/${one.kebab}.entity`);
    return withExport(entity, [`${many.pascal}Service`], serviceFile(plan));
  });
  changes.edit(place.module, (source) => {
    const imports: [string, string][] = [
      [one.pascal, `./entities/${one.kebab}.entity`],
      [migration, `./migrations/${file}`],
      [`${one.pascal}Repository`, `./${plan.folder}${one.kebab}.repository`],
      [`${many.pascal}Service`, serviceFile(plan)],
    ];
    let text = imports.reduce((known, [name, from]) => withImport(known, [name], from), source);
    for (const provider of [`${one.pascal}Repository`, `${many.pascal}Service`])
      text = withDecoratorItem(text, 'Module', 'providers', provider);
    text = withDecoratorItem(text, 'Module', 'exports', `${many.pascal}Service`);
    text = withDecoratorItem(text, 'Domain', 'entities', one.pascal);
    return withDecoratorItem(text, 'Domain', 'migrations', migration);
  });
}

function writeContract(changes: Changes, plan: ResourcePlan): void {
  const { place } = plan;
  const contract = `${place.src}/contract`;
  const permissions = `${place.name.camel}Permissions`;
  const fresh =
    "import { definePermissions } from '@platform/kernel';\n\n" +
    `/** What a caller may do with ${place.name.words}; whose rows is decided by the repositories. */\n` +
    `export const ${permissions} = definePermissions({});\n`;
  changes.edit(
    `${contract}/${place.name.kebab}.events.ts`,
    (source) =>
      eventBlocks(plan).reduce(
        (text, [symbol, block]) => withBlock(text, symbol, block),
        withImport(source, ['domainEvent'], '@platform/kernel'),
      ),
    '',
  );
  changes.edit(
    `${contract}/${place.name.kebab}.permissions.ts`,
    (source) =>
      permissionEntries(plan).reduce((text, [key, value]) => withEntry(text, permissions, key, value), source),
    fresh,
  );
  for (const kind of ['events', 'permissions']) openContract(changes, plan.place, kind);
  const names = lifeEvents(plan).map((event) => ['events', event] as const);
  changes.edit(place.module, (source) =>
    [['permissions', permissions] as const, ...names].reduce(
      (text, [kind, name]) => withContract(text, kind, name),
      source,
    ),
  );
}

/** The contract's index says `export *` of each of its files. */
export function openContract(changes: Changes, { name, src }: ResourcePlan['place'], kind: string): void {
  const line = `export * from './${name.kebab}.${kind}';`;
  changes.edit(
    `${src}/contract/index.ts`,
    (source) => {
      const lines = source.text.split('\n').filter(Boolean);
      return lines.includes(line) ? source : { ...source, text: `${[...lines, line].sort().join('\n')}\n` };
    },
    '',
  );
}

function writeApi(changes: Changes, plan: ResourcePlan): void {
  const { many, one, place } = plan;
  const api = `${place.src}/api`;
  changes.create(`${api}/${one.kebab}.dto.ts`, dtoTemplate(plan));
  changes.create(`${api}/${many.kebab}.controller.ts`, controllerTemplate(plan));
  changes.edit(`${api}/${place.name.kebab}-api.module.ts`, (source) => {
    const name = `${many.pascal}Controller`;
    const routed = withDecoratorItem(
      withImport(source, [name], `./${many.kebab}.controller`),
      'Module',
      'controllers',
      name,
    );
    if (plan.shared) return routed;
    const heard = withImport(withImport(routed, ['ownerHears'], '@platform/realtime'), lifeEvents(plan), '../contract');
    return withDecoratorItem(heard, 'Module', 'providers', ownerHears(plan));
  });
}

function writeTests(changes: Changes, plan: ResourcePlan): void {
  const { many, one, place, shared } = plan;
  changes.create(`${place.src}/testing/${one.kebab}.factory.ts`, factoryTemplate(plan));
  changes.edit(
    `${place.src}/testing/index.ts`,
    (source) => withExport(source, [factoryOf(one), `${one.camel}Body`], `./${one.kebab}.factory`),
    '',
  );
  changes.create(`${place.src}/api/${one.kebab}.dto.spec.ts`, dtoSpecTemplate(plan));
  changes.create(
    `${place.root}/test/${shared ? 'shared' : 'own'}-${many.kebab}.int-spec.ts`,
    mediumTestTemplate(changes, plan),
  );
  const large = `test/e2e/${place.name.kebab}`;
  changes.create(`${large}/manage-${many.kebab}.e2e-spec.ts`, largeTestTemplate(changes, plan));
  changes.create(`${large}/${many.kebab}.fixtures.ts`, fixturesTemplate(changes, plan));
}

function readmeRow({ many, one, route, shared }: ResourcePlan): string {
  return `| *${one.words}*, ${shared ? 'everybody’s' : 'one person’s'} | \`${many.snake}\` | \`${route}\` |`;
}

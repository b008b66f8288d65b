import { type Changes } from '../changes.ts';
import { enumList } from '../field-code.ts';
import { fieldsOf } from '../fields.ts';
import { nameOf, pluralOf } from '../names.ts';
import { type ResourcePlan, permissionOf, planResource, serviceFile } from '../resource-plan.ts';
import { addReadmeRow, readmeNote } from '../readme.ts';
import { type OnTrial, PROBE } from '../rehearsal.ts';
import { Refusal } from '../refusal.ts';
import { mustBeFree } from '../reserved.ts';
import { schematic, type Told } from '../run.ts';
import {
  withBlock,
  withDecoratorItem,
  withDecoratorProperty,
  withElement,
  withEntry,
  withExport,
  withImport,
} from '../source-edit.ts';
import { tagged } from '../tags.ts';
import { controllerTemplate, createDtoTemplate, dtoTemplate, updateDtoTemplate } from '../templates/api.ts';
import { errorBlocks, eventBlocks, lifeEvents, permissionEntries, subjectDataEntry } from '../templates/contract.ts';
import { RESOURCE_TABLE } from '../templates/domain.ts';
import { entityTemplate } from '../templates/entity.ts';
import { migrationTemplate } from '../templates/migration.ts';
import { repositoryTemplate } from '../templates/repository.ts';
import { serviceTemplate } from '../templates/service.ts';
import { statementsTemplate } from '../templates/statements.ts';
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
  if (!plan.shared) writeSubjectData(changes, plan);
  writeApi(changes, plan);
  writeTests(changes, plan);
  const row = readmeRow(plan);
  return {
    not: [
      ...readmeNote(place, addReadmeRow(changes, place, RESOURCE_TABLE, row), row),
      'search, restoring of deleted rows, sockets and demo rows: docs/decisions/0030 says why',
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
  changes.create(`${folder}${one.kebab}.statements.ts`, statementsTemplate(plan));
  changes.create(`${folder}${one.kebab}.repository.ts`, repositoryTemplate(plan));
  changes.create(`${folder}${many.kebab}.service.ts`, serviceTemplate(plan));
  const { blocks, kernel } = errorBlocks(plan);
  changes.edit(
    `${place.src}/${place.name.kebab}.errors.ts`,
    (source) =>
      blocks.reduce(
        (text, [symbol, block]) => withBlock(text, symbol, block),
        withImport(source, kernel, '@platform/kernel'),
      ),
    '',
  );
  changes.edit(`${place.src}/index.ts`, (source) => {
    const entity = withExport(
      source,
      [one.pascal, `type ${one.pascal}Changes`, ...enumExports(plan)],
      `./entities/${one.kebab}.entity`,
    );
    const pages = withExport(
      entity,
      [`type ${one.pascal}Page`, `type ${one.pascal}PageQuery`],
      `./${plan.folder}${one.kebab}.repository`,
    );
    return withExport(pages, [`type New${one.pascal}`, `${many.pascal}Service`], serviceFile(plan));
  });
  changes.edit(place.module, (source) => {
    const imports = [
      withImport(source, [one.pascal], `./entities/${one.kebab}.entity`),
      [[migration], `./migrations/${file}`] as const,
      [[`${one.pascal}Repository`], `./${plan.folder}${one.kebab}.repository`] as const,
      [[`${many.pascal}Service`], serviceFile(plan)] as const,
    ] as const;
    const [first, ...others] = imports;
    let text = others.reduce((known, [names, from]) => withImport(known, names, from), first);
    for (const provider of [`${one.pascal}Repository`, `${many.pascal}Service`])
      text = withDecoratorItem(text, 'Module', 'providers', provider);
    text = withDecoratorItem(text, 'Module', 'exports', `${many.pascal}Service`);
    text = withDecoratorItem(text, 'Domain', 'entities', one.pascal);
    return withDecoratorItem(text, 'Domain', 'migrations', migration);
  });
}

function enumExports({ fields, one }: ResourcePlan): string[] {
  return fields
    .filter(({ field }) => field.type === 'enum')
    .flatMap(({ entityType, field }) => [enumList(one, field.name), `type ${entityType}`]);
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
  changes.edit(place.module, (source) => {
    const imported = withImport(source, [...lifeEvents(plan), permissions], './contract');
    const permitted = withDecoratorProperty(imported, 'Domain', 'permissions', permissions);
    return lifeEvents(plan).reduce((text, event) => withDecoratorItem(text, 'Domain', 'events', event), permitted);
  });
}

/** Rows of people are declared: what is not is forgotten by the deletion, and an architecture test says so. */
function writeSubjectData(changes: Changes, plan: ResourcePlan): void {
  const { name, module, src } = plan.place;
  const held = `${name.camel}SubjectData`;
  const { element, mark } = subjectDataEntry(plan);
  const fresh =
    "import { defineSubjectData } from '@platform/kernel';\n\n" +
    `/** What ${name.words} holds of people and tenants. */\n` +
    `export const ${held} = defineSubjectData([]);\n`;
  changes.edit(`${src}/${name.kebab}.subject-data.ts`, (source) => withElement(source, held, mark, element), fresh);
  changes.edit(module, (source) =>
    withDecoratorProperty(withImport(source, [held], `./${name.kebab}.subject-data`), 'Domain', 'subjectData', held),
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
  changes.create(`${api}/dto/create-${one.kebab}.dto.ts`, createDtoTemplate(plan));
  changes.create(`${api}/dto/update-${one.kebab}.dto.ts`, updateDtoTemplate(plan));
  changes.create(`${api}/dto/${one.kebab}.dto.ts`, dtoTemplate(plan));
  changes.create(`${api}/${many.kebab}.controller.ts`, controllerTemplate(plan));
  changes.edit(`${api}/${place.name.kebab}-api.module.ts`, (source) =>
    withDecoratorItem(
      withImport(source, [`${many.pascal}Controller`], `./${many.kebab}.controller`),
      'Module',
      'controllers',
      `${many.pascal}Controller`,
    ),
  );
}

function writeTests(changes: Changes, plan: ResourcePlan): void {
  const { many, one, place, shared } = plan;
  changes.create(`${place.src}/testing/${one.kebab}.factory.ts`, factoryTemplate(plan));
  changes.edit(
    `${place.src}/testing/index.ts`,
    (source) => withExport(source, [factoryOf(one), `${one.camel}Body`], `./${one.kebab}.factory`),
    '',
  );
  changes.create(`${place.src}/api/dto/${many.kebab}.dto.spec.ts`, dtoSpecTemplate(plan));
  changes.create(
    `${place.root}/test/${shared ? 'shared' : 'own'}-${many.kebab}.int-spec.ts`,
    mediumTestTemplate(changes, plan),
  );
  const large = `test/e2e/${place.name.kebab}`;
  changes.create(`${large}/manage-${many.kebab}.e2e-spec.ts`, largeTestTemplate(changes, plan));
  changes.create(`${large}/${many.kebab}.fixtures.ts`, fixturesTemplate(changes, plan));
}

function readmeRow(plan: ResourcePlan): string {
  const { many, one, place, route, shared } = plan;
  const verbs = ['read', 'create', 'update', 'delete'].map((verb) => permissionOf(plan, verb).split('.')[1]);
  const life = ['created', 'updated', 'deleted'].join('\\|');
  const whose = shared ? 'everybody’s' : 'one person’s';
  return `| *${one.words}*, ${whose} | \`${many.snake}\` | \`${route}\` | \`${place.name.snake}.${verbs.join('\\|')}\` | \`${place.name.snake}.${one.snake}_${life}\` |`;
}

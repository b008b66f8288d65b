import { type Changes } from '../changes.ts';
import { mustFit } from '../database-names.ts';
import { nameOf } from '../names.ts';
import { chainOf, requiredOf } from '../resource-plan.ts';
import { addReadmeRow, readmeNote } from '../readme.ts';
import { Refusal } from '../refusal.ts';
import { schematic, type Told } from '../run.ts';
import { withDecoratorItem, withImport } from '../source-edit.ts';
import { WORK_TABLE } from '../templates/domain.ts';
import { factoryOf } from '../templates/testing.ts';
import { ownerRuleTemplate, type RowSteps, type RulePlan, ruleTemplate, ruleTestTemplate } from '../templates/work.ts';
import { existingDomain, type KnownColumn, type KnownResource, resourcesOf } from '../workspace.ts';
import { type MemberOptions } from './job.ts';

/** A resource, `-has-` and a field. */
const LONGEST = 85;

/** A rule that finds rows which lack what they should have: `<resource>-has-<field>`. */
export const integrity = schematic<MemberOptions>(makeRule);

/** The work of {@link integrity}. */
export function makeRule(changes: Changes, options: MemberOptions): Told {
  const place = existingDomain(changes, options.name);
  const name = nameOf(options.path ?? '', 'The rule', LONGEST);
  const resources = resourcesOf(changes, place);
  const resource = resources.find(({ one }) => name.kebab.startsWith(`${one.kebab}-has-`));
  const what = resource ? name.kebab.slice(`${resource.one.kebab}-has-`.length) : '';
  const column =
    resource && checkable(resource).find(({ name: { kebab } }) => kebab === what || kebab === `${what}-id`);
  if (!resource || !column) {
    const known = resources.flatMap((each) =>
      checkable(each).map(({ name: { kebab } }) => `${each.one.kebab}-has-${kebab.replace(/-id$/, '')}`),
    );
    throw new Refusal(
      `The rule "${options.path}" is not <resource>-has-<field> of a reference or a field that may be null: take one of ` +
        `${known.join(', ') || '(none yet: make a resource first)'}, or write it by hand with @IntegrityRule`,
    );
  }
  if (!column.isOwner) mustFit([`${place.name.kebab}.${name.kebab}`]);
  const plan: RulePlan = { place, name, resource, column, what: what.replaceAll('-', ' ') };
  const file = `${name.kebab}.rule`;
  changes.create(`${place.src}/${file}.ts`, column.isOwner ? ownerRuleTemplate(plan) : ruleTemplate(plan));
  changes.edit(place.module, (source) =>
    withDecoratorItem(
      withImport(source, [`${name.pascal}Rule`], `./${file}`),
      'Domain',
      'integrity',
      `${name.pascal}Rule`,
    ),
  );
  changes.create(`${place.root}/test/${name.kebab}.int-spec.ts`, ruleTestTemplate(plan, stepsOf(changes, resource)));
  const row = `| \`${place.name.kebab}.${name.kebab}\` | Finds each ${resource.one.words} without ${plan.what} |`;
  return {
    not: [
      ...readmeNote(place, addReadmeRow(changes, place, WORK_TABLE, row), row),
      'a repair: what to do with such a row is for a person to decide',
    ],
    next: ['npm run check', `npm test -- ${place.root}/test`, 'npm run omni -- db integrity'],
  };
}

/** References, the owner included, and columns that may be null: what can be missing. */
function checkable({ columns }: KnownResource): KnownColumn[] {
  return columns.filter(({ isOwner, nullable, refersTo }) => isOwner || nullable || refersTo !== undefined);
}

/** How the test makes a row that keeps the rule and one that will not. */
function stepsOf(changes: Changes, resource: KnownResource): RowSteps {
  const chain = chainOf(changes, [resource]);
  const before = chain.filter(({ entity }) => entity !== resource.entity);
  const call = (each: KnownResource): string => {
    const given = requiredOf(changes, each).map(
      ({ column, resource: needed }) => `${column.camel}: ${needed.one.camel}.id`,
    );
    const input = given.length > 0 ? `, { ${given.join(', ')} }` : '';
    return `await ${factoryOf(each.one)}(core.get(${each.many.pascal}Service), ann${input})`;
  };
  const services = chain.map(({ many, place }) => [[`${many.pascal}Service`], `@omni/${place.name.kebab}`] as const);
  const modules = new Map(chain.map(({ place: { name } }) => [`${name.pascal}Module`, `@omni/${name.kebab}`]));
  return {
    imports: [
      [['UserDirectory', 'UsersModule'], '@omni/users'],
      [['actorOf', 'aUser'], '@testing/users'],
      ...[...modules].map(([module, from]) => [[module], from] as const),
      ...services,
      ...chain.map(({ one, place }) => [[factoryOf(one)], `@testing/${place.name.kebab}`] as const),
    ],
    modules: [...new Set(['UsersModule', ...modules.keys()])].join(', '),
    rows: [
      ...before.map((each) => `    const ${each.one.camel} = ${call(each)};`),
      `    const kept = ${call(resource)};`,
      `    const broken = ${call(resource)};`,
    ].join('\n'),
  };
}

import { type Changes } from '../changes.ts';
import { article, sentence, nameOf } from '../names.ts';
import { addReadmeRow, readmeNote } from '../readme.ts';
import { Refusal } from '../refusal.ts';
import { type OnTrial } from '../rehearsal.ts';
import { schematic, type Told } from '../run.ts';
import { declares, withBlock, withContract, withDecoratorItem, withImport } from '../source-edit.ts';
import { tagged } from '../tags.ts';
import { WORK_TABLE } from '../templates/domain.ts';
import { handlerOf, handlerTemplate, handlerTestTemplate, type JobPlan } from '../templates/work.ts';
import { writeWorkerFixture } from '../worker-fixture.ts';
import { contractOf, existingDomain, mustHaveEntryPoint, resourcesOf } from '../workspace.ts';
import { openContract } from './resource.ts';

/** Options of `job`, `event`, `listener` and `integrity`: the domain, and what it gets. */
export interface MemberOptions {
  name: string;
  path?: string;
}

/** A job: its contract, the one handler that does it, a test that it is done. */
export const job = schematic<MemberOptions>(makeJob, rehearseJob);

function rehearseJob(stage: Changes, { name, path = '' }: MemberOptions): OnTrial[] | undefined {
  const contract = contractOf(existingDomain(stage, name), 'jobs');
  if (stage.has(contract) && declares(stage.read(contract), nameOf(path, 'The job').pascal)) return undefined;
  makeJob(stage, { name, path: tagged(path, 0) });
  return [{ name: `The job "${path}"`, instead: 'take another verb' }];
}

/** The work of {@link job}. */
export function makeJob(changes: Changes, options: MemberOptions): Told {
  const place = existingDomain(changes, options.name);
  mustHaveEntryPoint(changes, place, 'worker');
  const name = nameOf(options.path ?? '', 'The job');
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(name.kebab) || /-(job|handler)$/.test(name.kebab))
    throw new Refusal(
      `The job "${options.path}" does not say what is done to what: write a verb and a resource, such as InspectVehicle`,
    );
  const resource = resourcesOf(changes, place).find(({ one }) => name.kebab.endsWith(`-${one.kebab}`));
  const plan: JobPlan = {
    place,
    name,
    key: resource ? `${resource.one.snake}_id` : 'id',
    resource: resource?.one.snake ?? place.name.snake,
  };
  const wire = `${place.name.snake}.${name.snake}`;
  const verb = resource ? name.words.slice(0, -resource.one.words.length).trim() : name.words;
  const summary = sentence(resource ? `${verb} ${article(resource.one.words)}` : verb);
  const block = `/** ${summary}; keyed by what it is done to, so that asking twice does it once. */
export const ${name.pascal} = defineJob<{ ${plan.key}: string }>({
  name: '${wire}',
  summary: '${summary}',
  attempts: 3,
  timeoutMs: 60_000,
});`;
  changes.edit(
    contractOf(place, 'jobs'),
    (source) => withBlock(withImport(source, ['defineJob'], '@platform/kernel'), name.pascal, block),
    '',
  );
  openContract(changes, place, 'jobs');
  changes.edit(place.module, (source) => withContract(source, 'jobs', name.pascal));
  changes.create(`${place.src}/worker/${name.kebab}.handler.ts`, handlerTemplate(plan));
  changes.edit(`${place.src}/worker/${place.name.kebab}-worker.module.ts`, (source) =>
    withDecoratorItem(
      withImport(source, [handlerOf(plan)], `./${name.kebab}.handler`),
      'Module',
      'providers',
      handlerOf(plan),
    ),
  );
  writeWorkerFixture(changes, place);
  changes.create(`${place.root}/test/${name.kebab}.int-spec.ts`, handlerTestTemplate(plan));
  const row = `| \`${wire}\` | ${summary} |`;
  return {
    not: [
      ...readmeNote(place, addReadmeRow(changes, place, WORK_TABLE, row), row),
      `nobody asks for it yet: \`jobs.enqueue(${name.pascal}, { ${plan.key}: … }, { key: … })\` in a service does`,
    ],
    next: [
      'npm run docs        # the reference says what the code says',
      'npm run check',
      `npm test -- ${place.root}/test`,
    ],
  };
}

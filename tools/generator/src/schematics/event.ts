import { type Changes } from '../changes.ts';
import { article, sentence, nameOf } from '../names.ts';
import { Refusal } from '../refusal.ts';
import { type OnTrial } from '../rehearsal.ts';
import { schematic, type Told } from '../run.ts';
import { declares, withBlock, withContract, withImport } from '../source-edit.ts';
import { taggedAtEnd } from '../tags.ts';
import { contractOf, existingDomain, type KnownResource, resourcesOf } from '../workspace.ts';
import { type MemberOptions } from './job.ts';
import { openContract } from './resource.ts';

/** An event in the contract of a domain. */
export const event = schematic<MemberOptions>(makeEvent, rehearseEvent);

function rehearseEvent(stage: Changes, { name, path = '' }: MemberOptions): OnTrial[] | undefined {
  const contract = contractOf(existingDomain(stage, name), 'events');
  if (stage.has(contract) && declares(stage.read(contract), nameOf(path, 'The event').pascal)) return undefined;
  makeEvent(stage, { name, path: taggedAtEnd(path, 0) });
  return [{ name: `The event "${path}"`, instead: 'take another participle' }];
}

/** The work of {@link event}. */
export function makeEvent(changes: Changes, options: MemberOptions): Told {
  const place = existingDomain(changes, options.name);
  const name = nameOf(options.path ?? '', 'The event');
  const resource = longest(resourcesOf(changes, place).filter(({ one }) => name.kebab.startsWith(`${one.kebab}-`)));
  if (!resource || name.kebab.endsWith('-event')) {
    const known = resourcesOf(changes, place).map(({ one }) => `${one.pascal}Retired`);
    throw new Refusal(
      `The event "${options.path}" does not say what became of what: write a resource of ${place.name.kebab} and what happened to it, ` +
        `such as ${known.join(', ') || 'VehicleRetired, once there is a vehicle'}`,
    );
  }
  const past = name.kebab.slice(resource.one.kebab.length + 1).replaceAll('-', '_');
  const type = `${place.name.snake}.${resource.one.snake}_${past}`;
  const summary = `${sentence(article(resource.one.words))} is ${past.replaceAll('_', ' ')}`;
  const path = contractOf(place, 'events');
  const hasFacts = changes.has(path) && declares(changes.read(path), `${resource.one.pascal}Facts`);
  const payload = hasFacts ? `${resource.one.pascal}Facts` : factsOf(resource);
  const block = `/** ${summary}. */\nexport class ${name.pascal} extends domainEvent<${payload}>('${type}', '${summary}') {}`;
  changes.edit(
    path,
    (source) => withBlock(withImport(source, ['domainEvent'], '@platform/kernel'), name.pascal, block),
    '',
  );
  openContract(changes, place, 'events');
  changes.edit(place.module, (source) => withContract(source, 'events', name.pascal));
  return {
    not: [
      `nobody publishes it yet: \`events.publish(new ${name.pascal}({ … }))\` in the transaction that makes it true does`,
    ],
    next: [
      changes.has(`${place.src}/worker/index.ts`)
        ? `npm run generate listener ${place.name.kebab} ${name.pascal}`
        : `npm run generate domain ${place.name.kebab} -- --with worker    # then a listener, here or in any domain`,
      'npm run docs        # the reference says what the code says',
      'npm run check',
    ],
  };
}

function factsOf({ one, shared }: KnownResource): string {
  return `{ ${one.snake}_id: string${shared ? '' : '; owner_id: string'} }`;
}

function longest(resources: readonly KnownResource[]): KnownResource | undefined {
  return resources.toSorted((left, right) => right.one.kebab.length - left.one.kebab.length)[0];
}

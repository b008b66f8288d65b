import { type Changes } from '../changes.ts';
import { type Name, nameOf } from '../names.ts';
import { addReadmeRow, readmeNote } from '../readme.ts';
import { Refusal } from '../refusal.ts';
import { type OnTrial } from '../rehearsal.ts';
import { schematic, type Told } from '../run.ts';
import { withDecoratorItem, withImport } from '../source-edit.ts';
import { taggedAtEnd } from '../tags.ts';
import { WORK_TABLE } from '../templates/domain.ts';
import { type ListenerPlan, listenerTemplate, listenerTestTemplate } from '../templates/work.ts';
import { writeWorkerFixture } from '../worker-fixture.ts';
import { contractOf, type DomainPlace, domainsOf, existingDomain, mustHaveEntryPoint, placeOf } from '../workspace.ts';
import { type MemberOptions } from './job.ts';

/** What a domain does when another reports a fact. Contracts are open to all: this is no arrow of the map. */
export const listener = schematic<MemberOptions>(makeListener, rehearseListener);

/** The event is there already: it gets its tag in the contract that declares it. */
function rehearseListener(stage: Changes, { name, path = '' }: MemberOptions): OnTrial[] | undefined {
  const { domain, type } = findEvent(stage, path);
  if (stage.has(listenerFile(existingDomain(stage, name), nameOf(type, 'The event')))) return undefined;
  const contract = contractOf(placeOf(nameOf(domain, 'The domain')), 'events');
  const event = taggedAtEnd(type, 0);
  stage.edit(contract, ({ text, ...rest }) => ({
    ...rest,
    text: text.replace(new RegExp(`\\b${type}\\b`, 'g'), event),
  }));
  makeListener(stage, { name, path: `${domain}.${event}` });
  return [{ name: `The event "${type}"`, instead: 'write the listener by hand' }];
}

/** Where a listener of `place` imports the events of `domain` from. */
function publicApiOf({ name }: DomainPlace, domain: string): string {
  return domain === name.kebab ? `'../contract'` : `'@contract/${domain}'`;
}

/** `libs/billing/src/worker/vehicle-retired.listeners.ts` */
function listenerFile({ src }: DomainPlace, { kebab }: Name): string {
  return `${src}/worker/${kebab}.listeners.ts`;
}

/** The work of {@link listener}. */
export function makeListener(changes: Changes, options: MemberOptions): Told {
  const place = existingDomain(changes, options.name);
  mustHaveEntryPoint(changes, place, 'worker');
  const { domain, text, type } = findEvent(changes, options.path ?? '');
  const event = nameOf(type, 'The event');
  const payload = payloadOf(text, type);
  const key = payload.find((field) => field.endsWith('_id') && field !== 'owner_id') ?? payload[0];
  if (!key || payload.some((field) => !field.endsWith('_id') && field !== 'id'))
    throw new Refusal(
      `${type} of ${domain} carries ${payload.join(', ') || 'nothing that the generator can read'}: it reads ids only. ` +
        `Write the listener by hand; libs/auth/src/worker/auth.listeners.ts shows how`,
    );
  const path = listenerFile(place, event);
  const isOther = changes.has(path) && !changes.read(path).text.includes(publicApiOf(place, domain));
  if (isOther)
    throw new Refusal(`${path} hears of an event of this name from another domain: add a second class to it by hand`);
  const plan: ListenerPlan = {
    place,
    name: `${place.name.pascal}${event.pascal}Listeners`,
    event,
    from: nameOf(domain, 'The domain'),
    key,
    payload: `{ ${payload.map((field) => `${field}: string`).join('; ')} }`,
  };
  changes.create(path, listenerTemplate(plan));
  changes.edit(`${place.src}/worker/${place.name.kebab}-worker.module.ts`, (source) =>
    withDecoratorItem(withImport(source, [plan.name], `./${event.kebab}.listeners`), 'Module', 'providers', plan.name),
  );
  writeWorkerFixture(changes, place);
  changes.create(`${place.root}/test/when-${event.kebab}.int-spec.ts`, listenerTestTemplate(plan, payload));
  const row = `| \`${plan.name}\` | Hears of \`${type}\` of ${domain} |`;
  return {
    not: readmeNote(place, addReadmeRow(changes, place, WORK_TABLE, row), row),
    next: [
      'npm run docs        # the reference says what the code says',
      'npm run check',
      `npm test -- ${place.root}/test`,
    ],
  };
}

interface FoundEvent {
  domain: string;
  type: string;
  text: string;
}

/** `VehicleRetired`, or `fleet.VehicleRetired` where two domains have one of this name. */
function findEvent(changes: Changes, wanted: string): FoundEvent {
  const [domain, type] = wanted.includes('.') ? wanted.split('.') : [undefined, wanted];
  const all = domainsOf(changes).flatMap((name): FoundEvent[] => {
    const path = contractOf(placeOf(nameOf(name, 'The domain')), 'events');
    if (!changes.has(path)) return [];
    const { text } = changes.read(path);
    return [...text.matchAll(/export class (\w+) extends domainEvent/g)].map(([, found = '']) => ({
      domain: name,
      type: found,
      text,
    }));
  });
  const pascal = type ? nameOf(type, 'The event').pascal : '';
  const found = all.filter((event) => event.type === pascal && (domain === undefined || event.domain === domain));
  const [only, other] = found;
  if (only && !other) return only;
  if (only)
    throw new Refusal(
      `${found.map((event) => event.domain).join(' and ')} have an event ${pascal}: write ${only.domain}.${pascal}`,
    );
  throw new Refusal(
    `No contract has the event "${wanted}": make it with \`npm run generate event <domain> ${wanted}\`, or take one of ${all.map((event) => event.type).join(', ')}`,
  );
}

/** Names of the fields of an event's payload, also where it is a type of the file with more beside. */
function payloadOf(text: string, type: string): string[] {
  const inside = new RegExp(`class ${type} extends domainEvent<([^>]*)>`).exec(text)?.[1] ?? '';
  const named = /\b([A-Z]\w+)\b/.exec(inside)?.[1];
  const facts = named ? (new RegExp(`type ${named} = ({[^}]*})`).exec(text)?.[1] ?? '') : '';
  return [...`${facts} ${inside}`.matchAll(/(\w+)\??: /g)].map(([, field = '']) => field);
}

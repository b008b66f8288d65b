import { type Changes } from '../changes.ts';
import { nameOf, unreserved } from '../names.ts';
import { addReadmeRow, readmeNote } from '../readme.ts';
import { Refusal } from '../refusal.ts';
import { schematic, type Told } from '../run.ts';
import { withDecoratorItem, withImport } from '../source-edit.ts';
import { WORK_TABLE } from '../templates/domain.ts';
import { type ListenerPlan, listenerTemplate, listenerTestTemplate } from '../templates/work.ts';
import { writeWorkerFixture } from '../worker-fixture.ts';
import { domainsOf, existingDomain, mustHaveSide, placeOf } from '../workspace.ts';
import { type MemberOptions } from './job.ts';

/** What a domain does when another reports a fact. Contracts are open to all: this is no edge of the map. */
export const listener = schematic<MemberOptions>(makeListener);

function makeListener(changes: Changes, options: MemberOptions): Told {
  const place = existingDomain(changes, options.name);
  mustHaveSide(changes, place, 'worker');
  const { domain, text, type } = findEvent(changes, options.path ?? '');
  const event = unreserved(type, 'The event');
  const payload = payloadOf(text, type);
  const key = payload.find((field) => field.endsWith('_id') && field !== 'owner_id') ?? payload[0];
  if (!key || payload.some((field) => !field.endsWith('_id') && field !== 'id'))
    throw new Refusal(
      `${type} of ${domain} carries ${payload.join(', ') || 'nothing that the generator can read'}: it reads ids only. ` +
        `Write the listener by hand; libs/auth/src/worker/auth.listeners.ts shows how`,
    );
  const plan: ListenerPlan = {
    place,
    event,
    from: nameOf(domain, 'The domain'),
    key,
    payload: `{ ${payload.map((field) => `${field}: string`).join('; ')} }`,
  };
  const file = `${event.kebab}.listeners`;
  changes.create(`${place.src}/worker/${file}.ts`, listenerTemplate(plan));
  changes.edit(`${place.src}/worker/${place.name.kebab}-worker.module.ts`, (source) =>
    withDecoratorItem(withImport(source, [`${type}Listeners`], `./${file}`), 'Module', 'providers', `${type}Listeners`),
  );
  writeWorkerFixture(changes, place);
  changes.create(`${place.root}/test/when-${event.kebab}.int-spec.ts`, listenerTestTemplate(plan, payload));
  const row = `| \`${type}Listeners\` | Hears of \`${type}\` of ${domain} |`;
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
    const path = `${placeOf(nameOf(name, 'The domain')).src}/contract/${name}.events.ts`;
    if (!changes.has(path)) return [];
    const { text } = changes.read(path);
    return [...text.matchAll(/export class (\w+) extends domainEvent/g)].map(([, found = '']) => ({
      domain: name,
      type: found,
      text,
    }));
  });
  const pascal = type ? unreserved(type, 'The event').pascal : '';
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

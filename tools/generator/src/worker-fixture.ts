import { type Changes } from './changes.ts';
import { nameOf } from './names.ts';
import { entryPointModule } from './registers.ts';
import { withArrayItem, withImport } from './source-edit.ts';
import { type DomainPlace, placeOf } from './workspace.ts';

/** `FLEET_WORKER` */
export function fixtureName({ name }: DomainPlace): string {
  return `${name.snake.toUpperCase()}_WORKER`;
}

/** From a medium test of the domain. */
export function fixtureFile({ name }: DomainPlace): string {
  return `${name.kebab}-worker`;
}

/**
 * Bring the list of modules that the domain's worker tests run with up to what its worker entry point needs: a process that
 * works must know every event that it listens to and do every job that its domains declare.
 */
export function writeWorkerFixture(changes: Changes, place: DomainPlace): void {
  const list = fixtureName(place);
  const fresh =
    "import { MailModule } from '@platform/mail';\nimport { WorkerModule } from '@platform/queue';\n\n" +
    `/** What a process needs to do the work of ${place.name.words}: the worker entry points of all domains that it hears of. */\n` +
    `export const ${list} = [MailModule, WorkerModule];\n`;
  changes.edit(
    `${place.root}/test/${fixtureFile(place)}.ts`,
    (source) =>
      ['users', ...heardOf(changes, place.name.kebab)].reduce((text, domain) => {
        const { module, from } = moduleOf(changes, domain);
        return withImport(withArrayItem(text, list, module, [`${list}: ${module} from ${from}`]), [module], from);
      }, source),
    fresh,
  );
}

/** The worker entry point of a domain, or its core where there is none. */
function moduleOf(changes: Changes, domain: string): { module: string; from: string } {
  const { name, src } = placeOf(nameOf(domain, 'The domain'));
  const hasWorker = changes.has(`${src}/worker/index.ts`);
  return hasWorker
    ? { module: entryPointModule(name, 'worker'), from: `@worker/${domain}` }
    : { module: `${name.pascal}Module`, from: `@omni/${domain}` };
}

/** The domain and those whose contracts its worker entry point reads, and theirs. */
function heardOf(changes: Changes, domain: string, known: string[] = []): string[] {
  if (known.includes(domain)) return known;
  known.push(domain);
  const files = changes.filesBelow(`libs/${domain}/src/worker`).filter((file) => file.endsWith('.ts'));
  const others = files.flatMap((file) => [...changes.read(file).text.matchAll(/from '@contract\/([^']+)'/g)]);
  for (const [, other = ''] of others) heardOf(changes, other, known);
  return known;
}

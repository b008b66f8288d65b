import { type Changes } from './changes.ts';
import { clashesIn } from './meanings.ts';
import { Refusal } from './refusal.ts';
import { type SourceText } from './source-edit.ts';
import { tagsIn, untagged } from './tags.ts';

/** A name that a rehearsal puts to the test; its place in the list is its tag. */
export interface OnTrial {
  /** `The resource "event"` */
  readonly name: string;
  /** What could be done instead. */
  readonly instead: string;
}

/** Names that nobody gives, of what a rehearsal writes beside. */
export const PROBE = { resource: 'zzprobe', field: 'zzlink' };

const CLASS = /^(?:export )?(?:abstract )?class (\w+)/gm;

/** What is wrong, and with the names of which tags. */
interface Fault {
  readonly tags: readonly number[];
  readonly why: string;
}

/**
 * Judge names by what was written with them: `stage` holds it with tags, `tree` is what is there. A name is refused
 * when a file of it is there already, when it is given two meanings in one file, or when a class of it has a namesake:
 * documents, the boot and the trail tell classes apart by their names.
 * @throws Refusal naming the word, the file and what to do instead
 */
export function judge(stage: Changes, tree: Changes, trial: readonly OnTrial[]): void {
  const written = stage.written().filter(({ path, text }) => tagsIn(path + text).length > 0);
  const fault = takenFile(written, tree) ?? doubleMeaning(written) ?? secondClass(written, tree);
  if (!fault) return;
  // A field is the reason rather than its resource, whose name is in nearly everything.
  const [first = trial[0]] = fault.tags.toSorted((left, right) => right - left).flatMap((tag) => trial[tag] ?? []);
  throw new Refusal(`${first?.name ?? 'The name'} ${fault.why}: ${first?.instead ?? 'take another word'}`);
}

function takenFile(written: readonly SourceText[], tree: Changes): Fault | undefined {
  const files = written.map(({ path }) => untagged(path));
  const taken = written.find(({ path }, index) => {
    const file = untagged(path);
    return (file !== path && tree.has(file)) || files.indexOf(file) !== index;
  });
  if (!taken) return undefined;
  return { tags: tagsIn(taken.path), why: `would need the file ${untagged(taken.path)}, which is there already` };
}

function doubleMeaning(written: readonly SourceText[]): Fault | undefined {
  const [clash] = clashesIn(written);
  if (!clash) return undefined;
  const where = clash.path.includes(PROBE.resource) ? 'the code of what refers to it' : untagged(clash.path);
  return { tags: clash.from.flatMap(tagsIn), why: `would give \`${clash.word}\` two meanings in ${where}` };
}

function secondClass(written: readonly SourceText[], tree: Changes): Fault | undefined {
  const known = classesOf(tree);
  const made = written
    .filter(({ path }) => !isTest(path))
    .flatMap(({ path, text }) => [...text.matchAll(CLASS)].map(([, name = '']) => ({ name, path: untagged(path) })));
  for (const { name, path } of made.filter((each) => tagsIn(each.name).length > 0)) {
    const other = known.get(untagged(name));
    if (other && other !== path)
      return { tags: tagsIn(name), why: `would make a second class \`${untagged(name)}\`, beside that of ${other}` };
  }
  return undefined;
}

/** Every class of the product, and its file. */
function classesOf(tree: Changes): Map<string, string> {
  const files = ['apps', 'libs'].flatMap((folder) => tree.filesBelow(folder));
  return new Map(
    files
      .filter((path) => path.endsWith('.ts') && !isTest(path))
      .flatMap((path) => [...tree.read(path).text.matchAll(CLASS)].map(([, name = '']) => [name, path] as const)),
  );
}

function isTest(path: string): boolean {
  return path.endsWith('spec.ts') || /\/(test|testing)\//.test(path);
}

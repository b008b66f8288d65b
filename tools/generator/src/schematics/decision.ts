import { type Changes } from '../changes.ts';
import { Refusal } from '../refusal.ts';
import { schematic, type Told } from '../run.ts';

const FOLDER = 'docs/decisions';
const INDEX = `${FOLDER}/README.md`;
const ROW = /^\| \[(\d{4})\]\(([^)]+)\) \| (.*) \|$/;

/** Options of `decision`. */
export interface DecisionOptions {
  name: string;
}

/** A decision record with the next number, and its line in the index. */
export const decision = schematic<DecisionOptions>(makeDecision);

function makeDecision(changes: Changes, { name: text }: DecisionOptions): Told {
  const title = text.trim();
  if (!/^\p{L}[^\n|[\]]{7,79}$/u.test(title))
    throw new Refusal(
      `The title "${title}" is no sentence of 8 to 80 characters without | and brackets: say what was decided, in one line`,
    );
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const files = changes.filesBelow(FOLDER);
  const known = files.find((file) => file.replace(/^.*\/\d{4}-/, '') === `${slug}.md`);
  const last = Math.max(0, ...files.map((file) => Number(/\/(\d{4})-/.exec(file)?.[1] ?? 0)));
  const path = known ?? `${FOLDER}/${String(last + 1).padStart(4, '0')}-${slug}.md`;
  const file = path.slice(FOLDER.length + 1);
  const template = changes.read(`${FOLDER}/template.md`).text;
  changes.create(path, template.replace(/^# .*$/m, `# ${file.slice(0, 4)} ${title}`));
  const row = `| [${file.slice(0, 4)}](${file}) | ${title} |`;
  changes.edit(INDEX, (source) => {
    const lines = source.text.split('\n');
    if (lines.some((line) => ROW.exec(line)?.[2] === file)) return source;
    const at = lines.findLastIndex((line) => ROW.test(line));
    if (at === -1)
      throw new Refusal(
        `${INDEX} was reshaped: no "| [0001](…) | … |" is in it. Add by hand, then repeat:\n    ${row}`,
      );
    return { ...source, text: lines.toSpliced(at + 1, 0, row).join('\n') };
  });
  return { next: [`write ${path}`, 'git add docs/decisions', `git commit -m '${title.replaceAll("'", '’')}'`] };
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Page, pages } from '../support/pages';
import { ROOT, sourcesBelow } from './support/sources';

/** Records tell of the day on which they were written. */
const RECORD = /^docs\/decisions\/\d{4}-/;
/** Domains that the guides make up. */
const MADE_UP = /\b(gardens?|fleet|vehicles?|depots?)\b/i;
const PLACEHOLDER = /[<*{…]/;

const all = pages();
const current = all.filter(({ path }) => !RECORD.test(path));

const sources = sourcesBelow('apps', 'libs', 'test', 'tools');
const scripts = ['scripts', 'scripts/support', 'tools/generator']
  .flatMap((folder) => readdirSync(join(ROOT, folder)).map((file) => `${folder}/${file}`))
  .filter((file) => /\.(mjs|json)$/.test(file));
const others = [...scripts, 'architecture.mjs', 'package.json', 'tsconfig.json', '.ci/run', 'docker/Dockerfile'];
const texts = [...sources.map(({ text }) => text), ...others.map((file) => readFileSync(join(ROOT, file), 'utf8'))];
const words = new Set(texts.flatMap((text) => text.match(/[A-Za-z_$][\w$]*/g) ?? []));

/** Each code of each page that `find` finds something wrong with. */
function wrongCodes(find: (code: string, page: Page) => readonly string[]): string[] {
  return current.flatMap((page) =>
    [...page.codes, ...page.commands].flatMap((code) => find(code, page).map((wrong) => `${page.path}: ${wrong}`)),
  );
}

function named(pattern: RegExp): string[] {
  return sources.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, name = '']) => name));
}

describe('pages that people wrote', () => {
  it('link to what is there', () => {
    const broken = all.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target = '']) => target)
        .filter((target) => !existsSync(join(ROOT, dirname(path), target)))
        .map((target) => `${path}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('name files and folders that are there', () => {
    const PATH = /(?<![\w/.@*$-])(?:apps|libs|test|docs|scripts|tools|docker|src|\.ci|\.github)\/[\w./<>*{}…-]*/g;
    const places = (path: string, page: string): string[] =>
      [path, join(dirname(page), path), join(dirname(page), 'src', path)].map(normalize);
    const missing = wrongCodes((code, page) =>
      (code.match(PATH) ?? []).filter(
        (path) =>
          !PLACEHOLDER.test(path) &&
          !(page.path.startsWith('docs/guides/') && (MADE_UP.test(code) || path.startsWith('src/'))) &&
          !places(path, page.path).some((place) => existsSync(join(ROOT, place))),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('name settings, codes, classes and functions that are there', () => {
    const UPPER = /(?<![\w$/-])[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9](?![\w-])/g;
    const CAMEL = /(?<![\w./<$-])(?:(?:[A-Z][a-z0-9]+){2,}|[a-z]+(?:[A-Z][a-z0-9]*)+)(?![\w-])/g;
    const strange = wrongCodes((code) =>
      [...(code.match(UPPER) ?? []), ...(code.match(CAMEL) ?? [])].filter(
        (word) => !words.has(word) && !MADE_UP.test(code) && !/(^|[a-z])Vehicle|depotId/.test(word),
      ),
    );
    expect(strange).toEqual([]);
  });

  it('name settings that a process reads', () => {
    const settings = new Set([
      ...named(/\bsetting\(\s*'([A-Z0-9_]+)'/g),
      ...texts.flatMap((text) => [...text.matchAll(/process\.env\.([A-Z0-9_]+)/g)].map(([, name = '']) => name)),
    ]);
    const listed = current.flatMap(({ path, text }) =>
      [...text.matchAll(/^- \*\*Settings\*\*(.*)$/gm)]
        .flatMap(([, line = '']) => line.match(/`[A-Z][A-Z0-9_]+`/g) ?? [])
        .map((code) => [path, code.slice(1, -1)] as const),
    );
    const set = current.flatMap(({ codes, path }) =>
      codes.flatMap((code) =>
        [...code.matchAll(/\b([A-Z][A-Z0-9_]{2,})=/g)].map(([, name = '']) => [path, name] as const),
      ),
    );
    expect(listed.length).toBeGreaterThan(10);
    expect([...listed, ...set].filter(([, name]) => !settings.has(name))).toEqual([]);
  });

  it('name scripts that npm can run', () => {
    const { scripts: known } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const strange = wrongCodes((code) =>
      [...code.matchAll(/\bnpm (?:run )?([\w:-]+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => !(name in known) && name !== 'install'),
    );
    expect(strange).toEqual([]);
  });

  it('name commands and options that the operator has', () => {
    const commands = new Set(named(/@Command\(\{\s*name: '([\w-]+)'/g));
    const subcommands = new Set(named(/@SubCommand\(\{\s*name: '([\w-]+)'/g));
    const options = new Set(named(/flags: '(?:-\w, )?--([\w-]+)/g));
    const strange = wrongCodes((code, { path }) => {
      // The runbooks leave out what every command of theirs begins with.
      const said = path.startsWith('docs/runbooks/') && commands.has(code.split(' ')[0] ?? '') ? code : undefined;
      const words = said ?? /\bomni (?:-- )?([a-z].*)$/.exec(code)?.[1];
      if (words === undefined) return [];
      const [command = '', second = ''] = words.split(' ');
      const named = [...words.matchAll(/--([\w-]+)/g)].map(([, option = '']) => option);
      const isKnown =
        command === 'help' || (commands.has(command) && (!/^[a-z]/.test(second) || subcommands.has(second)));
      return isKnown && named.every((option) => options.has(option)) ? [] : [code];
    });
    expect(commands.size).toBeGreaterThan(5);
    expect(strange).toEqual([]);
  });
});

describe('the guide for Nest developers', () => {
  it('has a line for each habit that a test tries, and no other', () => {
    const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
    const lines = read('docs/guides/for-nest-developers.md').matchAll(/^\| (`.+?) \|/gm);
    // A title is the habit, a colon and what is tried.
    const tries = ['http/test/nest-habits', 'queue/test/domain-queues'].map((file) =>
      read(`libs/platform/${file}.int-spec.ts`),
    );
    const titles = tries.join('\n').matchAll(/^(?: {6}| {2}it\(|describeOnPostgres\()(['"])([@A-Z].+?): .*\1,/gm);
    const habits = [...lines].map(([, habit = '']) => habit.replaceAll('`', ''));
    expect(habits.length).toBeGreaterThan(10);
    expect([...titles].map(([, , title]) => title).sort()).toEqual(habits.sort());
  });
});

describe('comments that the document is made of', () => {
  it('put an @example of several words in quotes: the compiler plugin drops it otherwise, and says nothing', () => {
    const dtos = sources.filter(({ name }) => name.endsWith('.dto.ts'));
    const dropped = dtos.filter(({ text }) => /@example [^'"[{\s]\S* /.test(text));
    expect(dropped.map(({ path }) => path)).toEqual([]);
  });
});

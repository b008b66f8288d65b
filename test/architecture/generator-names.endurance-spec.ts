import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type HostTree } from '@angular-devkit/schematics';
import * as ts from 'typescript';
import { domain } from '../../tools/generator/src/schematics/domain.ts';
import { event } from '../../tools/generator/src/schematics/event.ts';
import { integrity } from '../../tools/generator/src/schematics/integrity.ts';
import { job } from '../../tools/generator/src/schematics/job.ts';
import { listener } from '../../tools/generator/src/schematics/listener.ts';
import { resource } from '../../tools/generator/src/schematics/resource.ts';
import { fixtureRepository, runOn } from '../../tools/generator/test/fixture-repository.ts';
import { RepositoryCopy } from './support/copy';

const TYPES = [
  'string',
  'int',
  'text?',
  'json',
  'timestamp',
  'enum(a|b)',
  'bigint:unique',
  'decimal?',
  'boolean',
  'date',
  'uuid',
];

/** What people try, by accident or on purpose. */
const NASTY = (
  'abstract any arguments as async await base bigint boolean break case catch class config connection const constructor ' +
  'continue debugger default delete do else enum eval export extends false finally for function get global if implements ' +
  'import in infer instanceof interface is keyof let namespace never new null number object of package private process ' +
  'protected public readonly require return satisfies set static string super switch symbol this throw true try type ' +
  'typeof undefined unknown using var void while with yield ' +
  'order user group select table index primary check column grant references xmin ctid oid rowid values migration ' +
  'sqlite-thing pg-thing ix-thing null-value to-string value-of has-own-property prototype proto then ' +
  'event page actor entity date error promise statement array map set buffer module test jest expect describe spec ' +
  'a x q ox data datum series status news bus box quiz key y ies s ' +
  'con aux nul prn helper util common types shared a1 b2b mp3-file x-ray plan-b create-box new-box box-page box-dto boxes'
).split(' ');

const DOMAINS = (
  'api worker cli contract core domain entity module define http cache mail database queue kernel config test testing ' +
  'shared types class delete new order select user event job listener library app src node con aux'
).split(' ');

/** Every identifier that the templates write and that is no name of ours, as a name. */
async function words(): Promise<string[]> {
  const tree = fixtureRepository();
  const into = { name: 'zzpart' };
  const fields = TYPES.map((type, index) => `zz${'abcdefghijk'[index]}:${type}`).join(' ');
  await runOn(tree, domain({ ...into, with: 'api,worker,cli' }));
  await runOn(tree, resource({ ...into, path: 'zzshelf', fields, shared: true }));
  await runOn(tree, resource({ ...into, path: 'zzthing', fields: `${fields} zzshelf:ref(zzpart.zzshelf)` }));
  await runOn(tree, job({ ...into, path: 'ZzdoZzthing' }));
  await runOn(tree, event({ ...into, path: 'ZzthingZzdone' }));
  await runOn(tree, listener({ ...into, path: 'ZzthingZzdone' }));
  await runOn(tree, integrity({ ...into, path: 'zzthing-has-zzshelf' }));
  const found = new Set<string>();
  for (const folder of ['/libs/zzpart', '/test/e2e/zzpart'])
    tree.getDir(folder).visit((path) => {
      if (path.endsWith('.ts')) identifiersIn(tree.readText(path)).forEach((word) => found.add(word));
    });
  return [...found].filter((word) => !/zz/i.test(word)).map(kebab);
}

function identifiersIn(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2024));
  return found;
}

function kebab(word: string): string {
  const split = word.replace(/([a-z0-9])([A-Z])/g, '$1-$2').replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2');
  return split.toLowerCase().replace(/_/g, '-').replace(/^-|-$/g, '');
}

/** Resources that are made in one domain, so that they also meet each other. */
const IN_ONE_DOMAIN = 10;
const FIELDS_OF_ONE = 20;

describe('the generator, given every word that its templates use and some that people try', () => {
  let copy: RepositoryCopy;
  let all: string[];
  const refused: string[] = [];
  let taken = 0;

  beforeAll(async () => {
    copy = new RepositoryCopy();
    all = [...new Set([...(await words()), ...NASTY])].sort();
  }, 120_000);
  afterAll(() => copy.remove());

  /** Undefined for what is taken, else the refusal. It must say why, and what else could be done. */
  const attempt = async (work: Promise<string>): Promise<string | undefined> => {
    try {
      await work;
      taken++;
      return undefined;
    } catch (error) {
      const { message } = error as Error;
      if (!/: (take|say|write|join|rename|drop|make)\b/.test(message)) throw error;
      refused.push(message);
      return message;
    }
  };

  /** What the domain is made of, among the files of the copy: the compiler needs no list of it. */
  const keep = (tree: HostTree, name: string): void => {
    for (const folder of [`/libs/${name}`, `/test/e2e/${name}`])
      tree.getDir(folder).visit((path) => {
        mkdirSync(dirname(join(copy.root, path)), { recursive: true });
        writeFileSync(join(copy.root, path), tree.readText(path));
      });
  };

  it('takes it for a resource, or says why not', async () => {
    for (let from = 0; from < all.length; from += IN_ONE_DOMAIN) {
      const tree = fixtureRepository();
      const name = kebabNumber(from / IN_ONE_DOMAIN);
      await runOn(tree, domain({ name, with: 'api' }));
      for (const path of all.slice(from, from + IN_ONE_DOMAIN))
        await attempt(runOn(tree, resource({ name, path, fields: 'label:string', shared: from % 3 === 0 })));
      keep(tree, name);
    }
    expect(taken).toBeGreaterThan(all.length / 2);
  }, 1_200_000);

  it('takes it for a field, or says why not', async () => {
    const tree = fixtureRepository();
    await runOn(tree, domain({ name: 'zzfields', with: 'api' }));
    let rest = all.map((word, index) => `${word}:${TYPES[index % TYPES.length]}`);
    for (let count = 0; rest.length > 0; count++) {
      const fields = rest.slice(0, FIELDS_OF_ONE);
      const order = { name: 'zzfields', path: `zzrow${count}`, fields: fields.join(' ') };
      const message = await attempt(runOn(tree, resource(order)));
      const [, bad = ''] = /^The field "([^":]+)/.exec(message ?? '') ?? [];
      const good = fields.filter((field) => message !== undefined && kebab(field.split(':')[0] ?? '') !== kebab(bad));
      // One is blamed, and the others are tried again without it.
      if (message !== undefined) expect(good).toHaveLength(fields.length - 1);
      rest = [...good, ...rest.slice(FIELDS_OF_ONE)];
    }
    keep(tree, 'zzfields');
  }, 1_200_000);

  it('takes it for a domain, or says why not', async () => {
    for (const name of DOMAINS) {
      const tree = fixtureRepository();
      if ((await attempt(runOn(tree, domain({ name, with: 'api,worker,cli' })))) === undefined) keep(tree, name);
    }
  }, 600_000);

  it('and what it takes compiles', () => {
    const tsc = ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'];
    const { output, status } = copy.node('--max-old-space-size=6144', ...tsc);
    expect([status, output.slice(0, 6_000)]).toEqual([0, '']);
    expect(refused.length).toBeGreaterThan(50);
  }, 900_000);
});

/** `zzaa`, `zzab` and so on: names without a digit, that nobody gives. */
function kebabNumber(number: number): string {
  return `zz${[Math.floor(number / 26), number % 26].map((digit) => String.fromCharCode(97 + digit)).join('')}`;
}

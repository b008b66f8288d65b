import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { normalize, virtualFs } from '@angular-devkit/core';
import { NodeJsSyncHost } from '@angular-devkit/core/node';
import { HostTree } from '@angular-devkit/schematics';
import * as ts from 'typescript';
import { domain } from '../../tools/generator/src/schematics/domain.ts';
import { event } from '../../tools/generator/src/schematics/event.ts';
import { integrity } from '../../tools/generator/src/schematics/integrity.ts';
import { job } from '../../tools/generator/src/schematics/job.ts';
import { listener } from '../../tools/generator/src/schematics/listener.ts';
import { noun } from '../../tools/generator/src/schematics/noun.ts';
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

/** Every identifier that the templates write and that is no name of ours, as a name. */
async function words(): Promise<string[]> {
  const tree = fixtureRepository();
  const into = { name: 'zzpart' };
  const fields = TYPES.map((type, index) => `zz${'abcdefghijk'[index]}:${type}`).join(' ');
  await runOn(tree, domain({ ...into, with: 'api,worker,cli' }));
  await runOn(tree, noun({ ...into, path: 'zzshelf', fields, shared: true }));
  await runOn(tree, noun({ ...into, path: 'zzthing', fields: `${fields} zzshelf:ref(zzpart.zzshelf)` }));
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

describe('the generator, given every word that its templates use and some that people try', () => {
  let copy: RepositoryCopy;
  let tree: HostTree;
  let all: string[];
  const refused: string[] = [];
  const taken: string[] = [];

  beforeAll(async () => {
    copy = new RepositoryCopy();
    tree = new HostTree(new virtualFs.ScopedHost(new NodeJsSyncHost(), normalize(copy.root)));
    all = [...new Set([...(await words()), ...NASTY])].sort();
  }, 120_000);
  afterAll(() => copy.remove());

  /** Try it; whether it was taken. What is refused must say why, and what else could be done. */
  const attempt = async (what: string, work: Promise<string>): Promise<string | undefined> => {
    try {
      await work;
      taken.push(what);
      return undefined;
    } catch (error) {
      const { message, name } = error as Error;
      if (!/: (take|say|write|join|rename|drop|make|another)|: join the two/.test(message)) throw error;
      refused.push(`${what} (${name}): ${message}`);
      return message;
    }
  };

  it('takes it for a noun, or says why not', async () => {
    for (const [index, word] of all.entries()) {
      const name = `zz${String.fromCharCode(97 + Math.floor(index / 260))}${String.fromCharCode(97 + (Math.floor(index / 10) % 26))}`;
      if (index % 10 === 0) await runOn(tree, domain({ name, with: 'api' }));
      await attempt(
        `noun ${word}`,
        runOn(tree, noun({ name, path: word, fields: 'label:string', shared: index % 3 === 0 })),
      );
    }
    expect(taken.length).toBeGreaterThan(all.length / 2);
  }, 1_200_000);

  it('takes it for a field, or says why not', async () => {
    await runOn(tree, domain({ name: 'zzfields', with: 'api' }));
    let rest = all.map((word, index) => `${word}:${TYPES[index % TYPES.length]}`);
    for (let count = 0; rest.length > 0; count++) {
      const fields = rest.slice(0, 20);
      const path = `zzrow${count}`;
      const message = await attempt(
        `fields ${fields.join(' ')}`,
        runOn(tree, noun({ name: 'zzfields', path, fields: fields.join(' ') })),
      );
      const [, bad] = /^The field "([^":]+)/.exec(message ?? '') ?? [];
      if (message && !bad) throw new Error(message);
      const isBad = (field: string) => message !== undefined && kebab(field.split(':')[0] ?? '') === kebab(bad ?? '');
      if (message && !fields.some(isBad)) throw new Error(message);
      rest = message ? rest.filter((field) => !isBad(field)) : rest.slice(20);
    }
  }, 1_200_000);

  it('takes it for a domain, or says why not', async () => {
    for (const word of [
      ...NASTY,
      'define',
      'api',
      'worker',
      'cli',
      'contract',
      'http',
      'domain',
      'testing',
      'database',
    ])
      await attempt(`domain ${word}`, runOn(tree, domain({ name: word, with: 'api,worker,cli' })));
  }, 600_000);

  it('and what it takes compiles', () => {
    for (const action of tree.actions) {
      const path = join(copy.root, action.path);
      if (action.kind === 'd') rmSync(path);
      if (action.kind !== 'c' && action.kind !== 'o') continue;
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, action.content);
    }
    const { output, status } = copy.node(
      '--max-old-space-size=6144',
      'node_modules/typescript/bin/tsc',
      '--noEmit',
      '-p',
      'tsconfig.json',
    );
    expect([status, output.slice(0, 6_000)]).toEqual([0, '']);
    expect(refused.length).toBeGreaterThan(50);
  }, 900_000);
});

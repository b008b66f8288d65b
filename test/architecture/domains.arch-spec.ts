import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { classesOf, decoratorsOf, productSources, ROOT, type Source } from './support/sources';

const sources = productSources();
const libOf = ({ path }: Pick<Source, 'path'>): string => /^libs\/(platform\/)?[^/]+/.exec(path)?.[0] ?? '';

/** The classes that the `@Domain` of a lib lists under `property`. */
function listed(lib: string, property: string): string[] {
  const modules = sources.filter((source) => libOf(source) === lib && source.name.endsWith('.module.ts'));
  return modules.flatMap(classesOf).flatMap((node) =>
    (ts.getDecorators(node) ?? []).flatMap(({ expression }) => {
      if (!ts.isCallExpression(expression) || expression.expression.getText() !== 'Domain') return [];
      const [declaration] = expression.arguments;
      const found =
        declaration && ts.isObjectLiteralExpression(declaration)
          ? declaration.properties.find((each) => each.name?.getText() === property)
          : undefined;
      return found && ts.isPropertyAssignment(found) && ts.isArrayLiteralExpression(found.initializer)
        ? found.initializer.elements.map((element) => element.getText())
        : [];
    }),
  );
}

function forgotten(all: readonly Source[], property: string): string[] {
  const is = OPERATED[property] ?? (() => false);
  return all.flatMap((source) =>
    classesOf(source)
      .filter((node) => is(node) && !listed(libOf(source), property).includes(node.name?.text ?? ''))
      .map((node) => `${source.path}: ${node.name?.text} is not in \`${property}\` of the @Domain of ${libOf(source)}`),
  );
}

/** A file of users that nobody listed. */
function unlisted(text: string): Source {
  const name = 'unlisted.ts';
  return {
    name,
    path: `libs/users/src/${name}`,
    text,
    tree: ts.createSourceFile(name, text, ts.ScriptTarget.ES2024, true),
  };
}

const SEEDER = unlisted("@Seeder({ set: 'demo' })\nexport class Unlisted {}");
const RULE = unlisted('export class Unlisted {\n  @IntegrityRule({})\n  async *search() {}\n}');

/** What the operator runs, by the property of `@Domain` that must list it. */
const OPERATED: Record<string, (node: ts.ClassDeclaration) => boolean> = {
  seeders: (node) => decoratorsOf(node).includes('Seeder'),
  integrity: (node) => node.members.some((member) => decoratorsOf(member).includes('IntegrityRule')),
};

describe('a domain', () => {
  it('is loaded by every process, whatever entry points it has: apps/domains.ts lists the core of each', () => {
    const list = readFileSync(join(ROOT, 'apps/domains.ts'), 'utf8');
    const cores = readdirSync(join(ROOT, 'libs')).filter((name) =>
      existsSync(join(ROOT, 'libs', name, `src/${name}.module.ts`)),
    );

    expect(cores.length).toBeGreaterThan(1);
    expect([...list.matchAll(/'@omni\/([^']+)'/g)].map(([, name]) => name).sort()).toEqual(cores.sort());
  });

  it('is required by its @Domain as by the map: what everybody has is neither destroyed nor dropped', () => {
    const map = readFileSync(join(ROOT, 'architecture.mjs'), 'utf8');
    const required = /REQUIRED = \[([^\]]*)\]/.exec(map)?.[1] ?? '';
    const declared = sources.flatMap(({ name, path, text }) =>
      name.endsWith('.module.ts') && /@Domain\(\{[^}]*\brequired: true/.test(text) ? [libOf({ path })] : [],
    );

    expect(declared.sort()).toEqual([...required.matchAll(/'([^']+)'/g)].map(([, name]) => `libs/${name}`).sort());
  });

  it.each(Object.keys(OPERATED))(
    'lists its %s in @Domain: a command finds what is declared, in no entry point',
    (property) => {
      expect(forgotten(sources, property)).toEqual([]);
      expect(forgotten([SEEDER, RULE], property)).toEqual([
        `libs/users/src/unlisted.ts: Unlisted is not in \`${property}\` of the @Domain of libs/users`,
      ]);
    },
  );
});

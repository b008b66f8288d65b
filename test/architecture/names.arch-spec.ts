import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import {
  classesOf,
  decoratorsOf,
  descendants,
  linesOf,
  place,
  productSources,
  ROOT,
  type Source,
} from './support/sources';

const sources = productSources();

/** A decorator of a class, and the file in which such a class lives. */
const CLASS_HOMES: Record<string, RegExp> = {
  Module: /^[a-z0-9-]+\.module\.ts$/,
  Controller: /^[a-z0-9-]+\.controller\.ts$/,
  WebSocketGateway: /^[a-z0-9-]+\.gateway\.ts$/,
  Entity: /^[a-z0-9-]+\.entity\.ts$/,
  Seeder: /^[a-z0-9-]+\.seeder\.ts$/,
  Command: /^[a-z0-9-]+\.commands?\.ts$/,
  SubCommand: /^[a-z0-9-]+\.commands?\.ts$/,
};

/** A decorator of a method, and the file in which such a method lives. */
const METHOD_HOMES: Record<string, RegExp> = {
  JobHandler: /\.handler\.ts$/,
  OnDomainEvent: /\.listeners\.ts$/,
  Cron: /\.schedule\.ts$/,
  IntegrityRule: /\.rule\.ts$/,
};

/** How a class of such a file is called. */
const SYMBOLS: { file: RegExp; symbol: RegExp }[] = [
  { file: /\.module\.ts$/, symbol: /Module$/ },
  { file: /\.controller\.ts$/, symbol: /Controller$/ },
  { file: /^libs\/(?!platform\/).*\.service\.ts$/, symbol: /Service$/ },
  { file: /^libs\/(?!platform\/).*\.repository\.ts$/, symbol: /Repository$/ },
  { file: /^libs\/(?!platform\/).*\.dto\.ts$/, symbol: /Dto$/ },
  { file: /\.entity\.ts$/, symbol: /^(?!.*Entity$)/ },
];

/** Lines that a file may have. */
const FILE_CEILINGS: { file: RegExp; lines: number }[] = [
  { file: /\.(service|repository)\.ts$/, lines: 250 },
  { file: /\.controller\.ts$/, lines: 150 },
  { file: /\.handler\.ts$/, lines: 80 },
];
const FUNCTION_CEILING = 40;
/** What everything may ask for, so that it does not count as a collaborator. */
const AMBIENT = /^(Clock|Ids|AuditTrail|Database|Events|Jobs|Cache|Metrics|Log(ger)?|\w*Config)$/;

const SAYS_NOTHING = /^(utils?|helpers?|common|misc|shared|types|constants|interfaces)(\.|$)/;
const CONTRACT_FILE = /^libs\/(?!platform\/)([^/]+)\/src\/contract\/(index|\1\.(events|jobs|permissions|roles))\.ts$/;

function isFunction(node: ts.Node): node is ts.FunctionLikeDeclaration {
  return (
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isArrowFunction(node) ||
    ts.isFunctionExpression(node) ||
    ts.isAccessor(node)
  );
}

function misplaced(source: Source, node: ts.Node, homes: Record<string, RegExp>): string[] {
  return decoratorsOf(node)
    .filter((decorator) => homes[decorator] && !homes[decorator].test(source.name))
    .map((decorator) => `${place(source, node)} @${decorator}`);
}

function lineCount(source: Source): number {
  return source.text.trimEnd().split('\n').length;
}

describe('names', () => {
  it('are kebab-case with the kind after a dot', () => {
    const wrong = sources.filter(
      (source) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.ts$/.test(source.name),
    );

    expect(wrong.map((source) => source.path)).toEqual([]);
  });

  it('say what the file is', () => {
    const wrong = sources.filter(({ path }) => path.split('/').some((part) => SAYS_NOTHING.test(part)));

    expect(wrong.map((source) => source.path)).toEqual([]);
  });

  it.each(Object.keys(CLASS_HOMES))('put a class with @%s into the file of its kind', (decorator) => {
    const homes = { [decorator]: CLASS_HOMES[decorator] ?? /$^/ };
    const wrong = sources.flatMap((source) => classesOf(source).flatMap((node) => misplaced(source, node, homes)));

    expect(wrong).toEqual([]);
  });

  it.each(Object.keys(METHOD_HOMES))('put a method with @%s into the file of its kind', (decorator) => {
    const homes = { [decorator]: METHOD_HOMES[decorator] ?? /$^/ };
    const wrong = sources.flatMap((source) =>
      classesOf(source).flatMap((node) => node.members.flatMap((member) => misplaced(source, member, homes))),
    );

    expect(wrong).toEqual([]);
  });

  it.each(SYMBOLS)('fit the file: $file holds $symbol', ({ file, symbol }) => {
    const wrong = sources
      .filter((source) => file.test(source.path))
      .flatMap((source) => classesOf(source).map((node) => ({ source, node })))
      .filter(({ node }) => isExported(node) && !symbol.test(node.name?.text ?? ''))
      .map(({ source, node }) => `${place(source, node)} ${node.name?.text}`);

    expect(wrong).toEqual([]);
  });

  it('of classes are given once: documents, listeners and the trail tell them apart by nothing else', () => {
    const places = new Map<string, string[]>();
    for (const source of sources)
      for (const node of classesOf(source).filter(isExported)) {
        const name = node.name?.text ?? '';
        places.set(name, [...(places.get(name) ?? []), place(source, node)]);
      }

    expect([...places.values()].filter((found) => found.length > 1)).toEqual([]);
  });

  it('of a contract are its events, jobs, permissions and roles', () => {
    const contracts = sources.filter(({ path }) => /^libs\/(?!platform\/)[^/]+\/src\/contract\//.test(path));

    expect(contracts.map(({ path }) => path).filter((path) => !CONTRACT_FILE.test(path))).toEqual([]);
  });

  it('stand in a public API one by one; only a contract may say export *', () => {
    const publicApis = sources.filter(({ path }) => path.endsWith('/index.ts') && !path.includes('/contract/'));
    const wrong = publicApis.filter(({ tree }) =>
      tree.statements.some((statement) => ts.isExportDeclaration(statement) && !statement.exportClause),
    );

    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('have a README.md in every lib', () => {
    const libs = new Set(sources.flatMap(({ path }) => /^libs\/(platform\/)?[^/]+(?=\/src\/)/.exec(path)?.[0] ?? []));

    expect([...libs].filter((lib) => !existsSync(join(ROOT, lib, 'README.md')))).toEqual([]);
  });
});

describe('ceilings', () => {
  it.each(FILE_CEILINGS)('keep $file within $lines lines', ({ file, lines }) => {
    const wrong = sources
      .filter((source) => file.test(source.name) && lineCount(source) > lines)
      .map((source) => `${source.path}: ${lineCount(source)} lines`);

    expect(wrong).toEqual([]);
  });

  it(`keep a function within ${FUNCTION_CEILING} lines`, () => {
    // A migration is a list of columns, however long.
    const written = sources.filter(({ name }) => !name.endsWith('.migration.ts'));
    const wrong = written.flatMap((source) =>
      descendants(source.tree)
        .filter((node) => isFunction(node) && node.body && linesOf(source, node.body) > FUNCTION_CEILING)
        .map((node) => `${place(source, node)}: ${linesOf(source, node)} lines`),
    );

    expect(wrong).toEqual([]);
  });

  it('keep a constructor within five collaborators', () => {
    const wrong = sources.flatMap((source) =>
      descendants(source.tree)
        .filter((node) => ts.isConstructorDeclaration(node) && injects(node) && collaboratorsOf(node) > 5)
        .map((node) => place(source, node)),
    );

    expect(wrong).toEqual([]);
  });
});

function isExported(node: ts.ClassDeclaration): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

/** What a constructor takes, less what everything may ask: the clock, the database, its own settings. */
function collaboratorsOf({ parameters }: ts.ConstructorDeclaration): number {
  return parameters.filter(({ type }) => !(type && AMBIENT.test(type.getText()))).length;
}

function injects(node: ts.ConstructorDeclaration): boolean {
  return decoratorsOf(node.parent).length > 0;
}

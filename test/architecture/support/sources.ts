import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import * as ts from 'typescript';

/** Root of the repository. */
export const ROOT = resolve(__dirname, '../../..');

/** One TypeScript file of the product, parsed. */
export interface Source {
  /** From the root, with slashes. */
  path: string;
  name: string;
  text: string;
  tree: ts.SourceFile;
}

/** Is this a test, or something that only tests use? */
export function isTestFile(path: string): boolean {
  return (
    /\.(spec|int-spec|e2e-spec|arch-spec|chaos-spec|timed-spec|endurance-spec)\.ts$/.test(path) ||
    /(^|\/)(test|testing)\//.test(path)
  );
}

function parse(path: string): Source {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, name: basename(path), text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2024, true) };
}

/** All TypeScript files below these folders, tests included. */
export function sourcesBelow(...folders: string[]): Source[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .sort()
    .map(parse);
}

/** What runs in production. */
export function productSources(): Source[] {
  return sourcesBelow('apps', 'libs').filter((source) => !isTestFile(source.path));
}

/** Every node below `node`, depth first; tokens such as brackets are left out. */
export function descendants(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  const visit = (child: ts.Node): void => {
    found.push(child);
    ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return found;
}

/** `path:line` of a node. */
export function place(source: Source, node: ts.Node): string {
  return `${source.path}:${source.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** Number of lines from the first to the last word of a node. */
export function linesOf(source: Source, node: ts.Node): number {
  const line = (position: number): number => source.tree.getLineAndCharacterOfPosition(position).line;
  return line(node.getEnd()) - line(node.getStart()) + 1;
}

/** Names of the decorators on a node: `Controller` for `@Controller('projects')`. */
export function decoratorsOf(node: ts.Node): string[] {
  if (!ts.canHaveDecorators(node)) return [];
  return (ts.getDecorators(node) ?? []).map(({ expression }) =>
    (ts.isCallExpression(expression) ? expression.expression : expression).getText(),
  );
}

/** The classes of a file. */
export function classesOf(source: Source): ts.ClassDeclaration[] {
  return descendants(source.tree).filter(ts.isClassDeclaration);
}

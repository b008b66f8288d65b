import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { normalize, virtualFs } from '@angular-devkit/core';
import { NodeJsSyncHost } from '@angular-devkit/core/node';
import { HostTree, type SchematicContext } from '@angular-devkit/schematics';
import ts from 'typescript';
import { destroy } from './destroy.ts';
import { domain } from './domain.ts';
import { noun } from './noun.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
const RECORD = 'docs/decisions/0030-projects-and-the-generator.md';
const FOLDERS = ['/libs/projects', '/test/e2e/projects'];

function repository(): HostTree {
  return new HostTree(new virtualFs.ScopedHost(new NodeJsSyncHost(), normalize(ROOT)));
}

/** The repository in which `projects` is what the generator would write. */
async function generated(): Promise<HostTree> {
  const tree = repository();
  // The schematics use nothing of their context but the log.
  const context = { logger: { info: () => undefined } } as unknown as SchematicContext;
  await destroy({ name: 'projects' })(tree, context);
  await domain({ name: 'projects', with: 'api,worker,cli' })(tree, context);
  await noun({ name: 'projects', path: 'project', fields: 'name:string description:text?' })(tree, context);
  return tree;
}

function filesOf(tree: HostTree): string[] {
  const files: string[] = [];
  for (const folder of FOLDERS) tree.getDir(folder).visit((path) => void files.push(path));
  return files.map((path) => path.slice(1)).sort();
}

/** What a file offers: its declarations, and the members of its classes with their decorators and parameters. */
function outline(text: string): string[] {
  const source = ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2024, true);
  const decorators = (node: ts.Node) =>
    ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []).map((each) => each.getText().replace(/\s+/g, ' ')) : [];
  return source.statements.flatMap((statement) => {
    if (ts.isClassDeclaration(statement)) {
      const members = statement.members.map((member) => {
        const parameters = ts.isFunctionLike(member)
          ? member.parameters.map((each) => each.name.getText()).join(', ')
          : '';
        return `${statement.name?.text}.${member.name?.getText() ?? 'constructor'}(${parameters}) ${decorators(member).join(' ')}`;
      });
      return [`${statement.name?.text} ${decorators(statement).join(' ')}`, ...members];
    }
    if (ts.isExportDeclaration(statement)) return [statement.getText()];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map((each) => `const ${each.name.getText()}`);
    if (
      ts.isFunctionDeclaration(statement) ||
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement)
    )
      return [`${ts.SyntaxKind[statement.kind]} ${statement.name?.text}`];
    return [];
  });
}

/** The files that the record lists below a heading. */
function listed(record: string, heading: string): string[] {
  const part = record.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...part.matchAll(/^\| `([^`]+)` \| .{20,} \|$/gm)].map(([, file = '']) => file).sort();
}

describe('projects', () => {
  let written: HostTree;
  const real = repository();
  const record = readFileSync(resolve(ROOT, RECORD), 'utf8');

  beforeAll(async () => {
    written = await generated();
  }, 30_000);

  it('has the files that the generator writes, and those that the record gives a reason for', () => {
    const [mine, theirs] = [filesOf(real), filesOf(written)];
    expect(mine.filter((file) => !theirs.includes(file))).toEqual(listed(record, 'Only in projects'));
    expect(theirs.filter((file) => !mine.includes(file))).toEqual(listed(record, 'Only from the generator'));
  });

  it('offers in each file what the generator writes, but for those that the record gives a reason for', () => {
    const both = filesOf(real).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('spec.ts') && written.exists(file),
    );
    const differing = both.filter(
      (file) => outline(real.readText(file)).join('\n') !== outline(written.readText(file)).join('\n'),
    );
    expect(differing).toEqual(listed(record, 'Different in both'));
    expect(both.length).toBeGreaterThan(differing.length);
  });
});

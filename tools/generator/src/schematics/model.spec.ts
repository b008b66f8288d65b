import { type HostTree } from '@angular-devkit/schematics';
import ts from 'typescript';
import { fixtureRepository, runOn } from '../../test/fixture-repository.ts';
import { domain } from './domain.ts';
import { event } from './event.ts';
import { integrity } from './integrity.ts';
import { job } from './job.ts';
import { listener } from './listener.ts';
import { resource } from './resource.ts';

const FOLDERS = ['/libs/pictures', '/test/e2e/pictures'];

/** A repository with a gallery in it: a resource that is the domain, one that is not, and one of each of the others. */
async function gallery(): Promise<HostTree> {
  const tree = fixtureRepository();
  const into = { name: 'pictures' };
  await runOn(tree, domain({ ...into, with: 'api,worker,cli' }));
  await runOn(
    tree,
    resource({ ...into, path: 'picture', fields: 'title:string:unique notes:text? style:enum(oil|ink)' }),
  );
  await runOn(
    tree,
    resource({ ...into, path: 'frame', fields: 'width:int facts:json? picture:ref(pictures.picture)' }),
  );
  await runOn(tree, job({ ...into, path: 'CleanPicture' }));
  await runOn(tree, event({ ...into, path: 'PictureSold' }));
  await runOn(tree, listener({ ...into, path: 'PictureSold' }));
  await runOn(tree, integrity({ ...into, path: 'frame-has-picture' }));
  return tree;
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
        return `  ${[...decorators(member), member.name?.getText() ?? 'constructor'].join(' ')}(${parameters})`;
      });
      return [[...decorators(statement), statement.name?.text].join(' '), ...members];
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

describe('what the generator writes', () => {
  it('has the shape of the model: __snapshots__ beside this file; who changes it on purpose runs this test with -u', async () => {
    const tree = await gallery();
    const shape: Record<string, string[]> = {};
    for (const folder of FOLDERS)
      tree.getDir(folder).visit((path) => {
        // The time in the name of a migration is another one each time.
        const text = tree.readText(path).replace(/\d{13}/g, '');
        shape[path.slice(1)] = path.endsWith('.ts') && !path.endsWith('spec.ts') ? outline(text) : [];
      });
    expect(shape).toMatchSnapshot();
  }, 30_000);
});

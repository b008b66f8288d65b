import { dirname, join } from 'node:path';
import * as ts from 'typescript';
import { productSources, type Source } from './support/sources';

/** The rooms of a domain are the folders below its `src/`; files beside them belong to the whole domain. */
const ROOM = /^(libs\/(?!platform\/)[^/]+\/src)\/([^/]+)\//;

interface Call {
  readonly domain: string;
  readonly from: string;
  readonly to: string;
  readonly place: string;
}

function roomOf(path: string): { domain: string; room: string } | undefined {
  const [, domain, room] = ROOM.exec(path) ?? [];
  return domain && room ? { domain, room } : undefined;
}

/** What a file imports, or exports on, from other rooms of its domain. */
function callsOf({ path, tree }: Pick<Source, 'path' | 'tree'>): Call[] {
  const here = roomOf(path);
  if (!here) return [];
  return tree.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const target = statement.moduleSpecifier;
    if (!target || !ts.isStringLiteral(target) || !target.text.startsWith('.')) return [];
    // A file beside the rooms looks like one that calls nobody.
    const there = roomOf(`${join(dirname(path), target.text)}/`.replaceAll('\\', '/'));
    if (there?.domain !== here.domain || there.room === here.room) return [];
    return [{ domain: here.domain, from: here.room, to: there.room, place: `${path} → ${target.text}` }];
  });
}

/** The calls that lead back to where they come from, in one step or in several. */
function circlesAmong(calls: readonly Call[]): string[] {
  const reaches = (domain: string, from: string, target: string, seen = new Set<string>()): boolean =>
    from === target ||
    (!seen.has(from) &&
      calls
        .filter((call) => call.domain === domain && call.from === from)
        .some(({ to }) => reaches(domain, to, target, seen.add(from))));
  return calls.filter(({ domain, from, to }) => reaches(domain, to, from)).map(({ place }) => place);
}

function seeded(path: string, code: string): Pick<Source, 'path' | 'tree'> {
  return { path, tree: ts.createSourceFile(path, code, ts.ScriptTarget.ES2024, true) };
}

describe('the rooms of a domain', () => {
  const calls = productSources().flatMap(callsOf);

  it('call each other in one direction only', () => {
    expect(calls.length).toBeGreaterThan(100);
    expect(circlesAmong(calls)).toEqual([]);
  });

  it.each([
    ['in one step', 'libs/auth/src/sessions/seeded.ts', "import { X } from '../access/actors';"],
    [
      'in several steps',
      'libs/auth/src/sessions/seeded.ts',
      "import { type X } from '../passwords/passwords.service';",
    ],
    ['by an export', 'libs/auth/src/identities/seeded.ts', "export { X } from '../oidc/attempts';"],
  ])('are caught calling back %s', (_title, path, code) => {
    const circles = circlesAmong([...calls, ...callsOf(seeded(path, code))]);

    expect(circles.some((place) => place.startsWith(path))).toBe(true);
  });
});

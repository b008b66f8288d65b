import ts from 'typescript';
import { untagged, untaggedPositions } from './tags.ts';

/** A file of a rehearsal: its path, and its text with tagged names. */
export interface TaggedFile {
  readonly path: string;
  readonly text: string;
}

/** An identifier that, once the tags are gone, means something else than it should, or two things at once. */
export interface Clash {
  readonly path: string;
  /** The identifier, without tags. */
  readonly word: string;
  /** Tagged texts that it came from. */
  readonly from: readonly string[];
}

const OPTIONS: ts.CompilerOptions = {
  allowImportingTsExtensions: true,
  experimentalDecorators: true,
  module: ts.ModuleKind.CommonJS,
  moduleDetection: ts.ModuleDetectionKind.Force,
  noEmit: true,
  noLib: true,
  noResolve: true,
  target: ts.ScriptTarget.ES2024,
  types: [],
};
/** Without libraries nearly every global is missing, and the compiler guesses what was meant. */
const GUESSES = new Set([2304, 2307, 2339, 2503, 2551, 2552, 2694, 2724, 2833]);

/**
 * What the names of a rehearsal break. Each file is read twice, with the tags, where no name can be another's, and
 * without: every identifier must lead to the same declarations, and the compiler must not complain of anything new.
 */
export function clashesIn(files: readonly TaggedFile[]): Clash[] {
  const sources = files.filter(({ path }) => path.endsWith('.ts'));
  const readings = new Readings(sources);
  return sources.flatMap(({ path }) => clashesOf(readings, path));
}

/** The files with their tags below `/tagged`, without below `/plain`; positions are told as in the plain ones. */
class Readings {
  readonly checker: ts.TypeChecker;
  private readonly program: ts.Program;
  private readonly positions = new Map<string, (position: number) => number>();

  constructor(sources: readonly TaggedFile[]) {
    const texts = new Map<string, string>();
    for (const { path, text } of sources) {
      texts.set(`/tagged/${path}`, text);
      texts.set(`/plain/${untagged(path)}`, untagged(text));
      this.positions.set(`/tagged/${path}`, untaggedPositions(text));
    }
    this.program = ts.createProgram([...texts.keys()], OPTIONS, hostOf(texts));
    this.checker = this.program.getTypeChecker();
  }

  source(path: string): ts.SourceFile {
    const source = this.program.getSourceFile(path);
    if (!source) throw new Error(`${path} is not in the program`);
    return source;
  }

  /** Where a node stands in the plain reading of its file. */
  startOf(node: ts.Node): number {
    return this.position(node.getSourceFile(), node.getStart());
  }

  /** What the compiler says of a file, by code and place. */
  complaintsOf(source: ts.SourceFile): Map<string, number> {
    const all = [...this.program.getSyntacticDiagnostics(source), ...this.program.getSemanticDiagnostics(source)];
    const serious = all.filter(({ code }) => !GUESSES.has(code));
    return new Map(
      serious.map(({ code, start = 0 }) => {
        const place = this.position(source, start);
        return [`${code}@${place}`, place] as const;
      }),
    );
  }

  /** Where the declarations of an identifier stand; of `{ name }` those of the value, too. */
  placesOf(node: ts.Identifier): { path: string; start: number }[] {
    const symbols = [
      this.checker.getSymbolAtLocation(node),
      ts.isShorthandPropertyAssignment(node.parent)
        ? this.checker.getShorthandAssignmentValueSymbol(node.parent)
        : undefined,
      ts.isExportSpecifier(node.parent) ? this.checker.getExportSpecifierLocalTargetSymbol(node.parent) : undefined,
    ];
    return symbols
      .flatMap((symbol) => symbol?.declarations ?? [])
      .map((declaration) => ({
        path: untagged(declaration.getSourceFile().fileName.replace(/^\/(tagged|plain)\//, '')),
        start: this.startOf(ts.getNameOfDeclaration(declaration) ?? declaration),
      }));
  }

  private position({ fileName }: ts.SourceFile, start: number): number {
    return this.positions.get(fileName)?.(start) ?? start;
  }
}

function hostOf(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  return {
    fileExists: (path) => texts.has(path),
    getCanonicalFileName: (path) => path,
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: () => '/lib.d.ts',
    getNewLine: () => '\n',
    getSourceFile: (path, target) => {
      const text = texts.get(path);
      return text === undefined ? undefined : ts.createSourceFile(path, text, target, true);
    },
    readFile: (path) => texts.get(path),
    useCaseSensitiveFileNames: () => true,
    writeFile: () => undefined,
  };
}

function clashesOf(readings: Readings, path: string): Clash[] {
  const intended = readings.source(`/tagged/${path}`);
  const real = readings.source(`/plain/${untagged(path)}`);
  const [before, after] = [identifiersOf(intended), identifiersOf(real)];
  const wordsAt = (start: number) => before.filter((node) => readings.startOf(node) === start).map(({ text }) => text);
  const clash = (start: number, from: readonly string[]): Clash => ({ path, word: wordAt(real.text, start), from });
  const moved = after.length === before.length ? after : [];
  const misled = moved.flatMap((node, index) => {
    const twin = before[index];
    if (!twin) return [];
    const [meant, means] = [readings.placesOf(twin), readings.placesOf(node)];
    if (JSON.stringify(meant) === JSON.stringify(means)) return [];
    const others = means.filter((place) => place.path === untagged(path)).flatMap(({ start }) => wordsAt(start));
    return [clash(node.getStart(), [twin.text, ...others])];
  });
  const known = readings.complaintsOf(intended);
  const complaints = [...readings.complaintsOf(real)].filter(([place]) => !known.has(place));
  return [...misled, ...complaints.map(([, start]) => clash(start, wordsAt(start)))];
}

function identifiersOf(source: ts.SourceFile): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function wordAt(text: string, start: number): string {
  return /^[\w$]+/.exec(text.slice(start))?.[0] ?? text.slice(start, start + 20);
}

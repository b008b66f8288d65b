// The compiler plugin of @nestjs/swagger, held to two things that it does not keep by itself: what it writes must not
// depend on where the checkout lies, and a property that it cannot read must stop the build instead of being left out.
import { before as swagger } from '@nestjs/swagger/plugin';
import ts from 'typescript';

const IMPORT = /\bimport\("(?:[^"\\]|\\.)*"/g;
const FACTORY = '_OPENAPI_METADATA_FACTORY';

/** Nest's compiler calls this with the options of nest-cli.json; it lists what would be lost, and the build fails. */
export function before(options, program) {
  const transformer = swagger(options, wherever(program));
  const compiler = program.getCompilerOptions();
  const isDto = ({ fileName }) => options.dtoFileNameSuffix.some((end) => fileName.endsWith(end));
  // All of them at each build: the compiler itself visits only what has changed since the last one.
  const problems = program
    .getSourceFiles()
    .filter(isDto)
    .flatMap((file) => lost(file, ts.transform(file, [transformer], compiler).transformed[0]));
  if (problems.length > 0) refuse(problems);
  return transformer;
}

/**
 * The program as the plugin can read it. It takes the files of types out of `import("…")` as TypeScript prints it, where
 * everything but ASCII is escaped, and decodes some paths as if they were URLs: below `Büro` or `100%25` it lost its way.
 */
function wherever(program) {
  const checker = program.getTypeChecker();
  const options = program.getCompilerOptions();
  const typeToString = (...parameters) => checker.typeToString(...parameters).replace(IMPORT, unescaped);
  const readable = Object.create(checker, { typeToString: { value: typeToString } });
  const decoded = { ...options, rootDir: decode(options.rootDir), outDir: decode(options.outDir) };
  return Object.create(program, {
    getTypeChecker: { value: () => readable },
    getCompilerOptions: { value: () => decoded },
  });
}

function unescaped(text) {
  return text.replace(/"(.*)"/, (literal) => `"${JSON.parse(literal)}"`);
}

/** As the plugin does it. */
function decode(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The properties of `file` that the plugin has left out of `result`. */
function lost(file, result) {
  const told = new Map(classesOf(result).map((node) => [node.name?.text, propertiesIn(node)]));
  return classesOf(file).flatMap((node) =>
    node.members.filter((member) => isOfSchema(member) && !told.get(node.name?.text)?.has(member.name.getText())),
  );
}

function classesOf(file) {
  return file.statements.filter(ts.isClassDeclaration);
}

/** What the plugin's factory tells of a class: `return { name: { … }, … }`. */
function propertiesIn(node) {
  const factory = node.members.find((member) => member.name?.text === FACTORY);
  const [answer] = factory?.body?.statements ?? [];
  return new Set(answer?.expression?.properties.map(({ name }) => name.text));
}

function isOfSchema(member) {
  if (!ts.isPropertyDeclaration(member) || !(ts.isIdentifier(member.name) || ts.isStringLiteral(member.name)))
    return false;
  if (member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword)) return false;
  return !ts.getDecorators(member)?.some(({ expression }) => expression.getText().startsWith('ApiHideProperty('));
}

function refuse(properties) {
  const problems = properties.map(({ name }) => ({
    category: ts.DiagnosticCategory.Error,
    code: 0,
    file: name.getSourceFile(),
    start: name.getStart(),
    length: name.getWidth(),
    messageText:
      `${name.getText()} would be missing from the OpenAPI document: the compiler plugin of @nestjs/swagger cannot read ` +
      'its type, its comment or its first value. Write them plainer, or hide the property with @ApiHideProperty().',
  }));
  const place = { getCanonicalFileName: String, getCurrentDirectory: () => process.cwd(), getNewLine: () => '\n' };
  console.error(ts.formatDiagnosticsWithColorAndContext(problems, place));
  // Not an exception: `npm run dev` goes on watching.
  process.exitCode = 1;
}

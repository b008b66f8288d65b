import ts from 'typescript';
import { Reshaped } from './refusal.ts';

/** A source file that a list is read from and written back to. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** Properties in the order in which the house writes them. */
const ORDER: Record<string, readonly string[]> = {
  Module: ['imports', 'controllers', 'providers', 'exports'],
  Domain: [
    'name',
    'contract',
    'entities',
    'migrations',
    'settings',
    'permissions',
    'subjectData',
    'jobs',
    'events',
    'integrity',
    'seeders',
  ],
};

/** The imports of a new file in the order of the house: `[['type A', 'B'], '@platform/kernel']`; those without names are none. */
export function importLines(imports: Iterable<readonly [names: readonly string[], from: string]>): string {
  const names = new Map<string, string[]>();
  for (const [some, from] of imports) names.set(from, [...(names.get(from) ?? []), ...some]);
  return [...names]
    .filter(([, all]) => all.length > 0)
    .sort(([left], [right]) => (place(left) < place(right) ? -1 : 1))
    .map(([from, all]) => `import { ${[...new Set(all)].sort(byName).join(', ')} } from '${from}';`)
    .join('\n');
}

/** Bring names into an import of `from`, with as few changes as there can be; types as `type X`. */
export function withImport(source: SourceText, names: readonly string[], from: string): SourceText {
  return withNames(source, names, from, 'import');
}

/** As {@link withImport}, for a public API: `export { X } from './x'`. */
export function withExport(source: SourceText, names: readonly string[], from: string): SourceText {
  return withNames(source, names, from, 'export');
}

/** Take the import of `from` away. */
export function withoutImport(source: SourceText, from: string): SourceText {
  const found = parse(source).statements.find(
    (statement) => ts.isImportDeclaration(statement) && leadsTo(statement, from),
  );
  if (!found) return source;
  const end = source.text.indexOf('\n', found.getEnd());
  return splice(source, found.getStart(), end === -1 ? found.getEnd() : end + 1, '');
}

/** Names that a file imports from `from`. */
export function importsFrom(source: SourceText, from: string): string[] {
  const found = parse(source)
    .statements.filter(ts.isImportDeclaration)
    .filter((statement) => leadsTo(statement, from));
  return found.flatMap((statement) => namesOf(statement).map((name) => name.replace(/^type /, '')));
}

/**
 * Put `item` at the end of `export const <name> = [A, B]`.
 * @throws Reshaped when that is not a list of plain names
 */
export function withArrayItem(source: SourceText, name: string, item: string, byHand: readonly string[]): SourceText {
  return addItem(source, arrayOf(source, name, byHand), item);
}

/** Take `item` out of `export const <name> = [A, B]`. @throws Reshaped as {@link withArrayItem} */
export function withoutArrayItem(source: SourceText, name: string, item: string): SourceText {
  const list = arrayOf(source, name, [`(take ${item} out of ${name})`]);
  return renderItems(
    source,
    list,
    textsOf(list).filter((text) => text !== item),
  );
}

/**
 * Put `item` at the end of the list `property` of a class decorator, such as `providers` of `@Module`; the property is
 * made when it is not there.
 * @throws Reshaped when the decorator is not given an object, or the property no list of plain names
 */
export function withDecoratorItem(source: SourceText, decorator: string, property: string, item: string): SourceText {
  const line = `@${decorator}({ ${property}: [..., ${item}] })`;
  const object = decoratorObject(source, decorator, line);
  const found = propertyOf(object, property);
  const isShort = object.properties.some(
    (other) => ts.isShorthandPropertyAssignment(other) && keyOf(other) === property,
  );
  if (!found && !isShort) return addProperty(source, object, decorator, property, `[${item}]`);
  const list = found?.initializer;
  if (!list || !ts.isArrayLiteralExpression(list) || !isPlain(list, ts.isCallExpression))
    throw new Reshaped(source.path, `the list ${property} of @${decorator}`, [line]);
  return addItem(source, list, item);
}

/**
 * Say `@Domain({ contract })` of all that the contract exports. A list of one kind beside it wins, and gets the name, too.
 * @throws Reshaped as {@link withDecoratorItem}
 */
export function withContract(source: SourceText, kind: 'events' | 'jobs' | 'permissions', name: string): SourceText {
  const object = decoratorObject(source, 'Domain', '@Domain({ contract })');
  if (propertyOf(object, kind))
    return withDecoratorItem(withImport(source, [name], './contract'), 'Domain', kind, name);
  if (object.properties.some((property) => keyOf(property) === 'contract')) return source;
  const named = addProperty(source, object, 'Domain', 'contract');
  return withLine(named, "import * as contract from './contract';", './contract', ts.isImportDeclaration);
}

/**
 * Put `key: value` at the end of the object that `name` is set to, or that is handed to the function it is set by.
 * @throws Reshaped when there is no such object
 */
export function withEntry(source: SourceText, name: string, key: string, value: string): SourceText {
  const line = `${quoted(key)}: ${value},`;
  const object = objectOf(source, name, [line]);
  if (propertyOf(object, key)) return source;
  const last = object.properties.at(-1);
  if (!last) return splice(source, object.getStart(), object.getEnd(), `{\n  ${line}\n}`);
  const comma = source.text[last.getEnd()] === ',';
  const at = last.getEnd() + (comma ? 1 : 0);
  return splice(source, at, at, `${comma ? '' : ','}\n  ${line}`);
}

/** Take the entry `key` out of the object that `name` is set to. @throws Reshaped when there is no such object */
export function withoutEntry(source: SourceText, name: string, key: string): SourceText {
  const object = objectOf(source, name, [`(take ${key} out of ${name})`]);
  const found = propertyOf(object, key);
  if (!found) return source;
  const after = source.text.slice(found.getEnd()).match(/^,?[ \t]*\n?/)?.[0].length ?? 0;
  return splice(source, found.getFullStart() + leadingLine(source, found), found.getEnd() + after, '');
}

/** The entries `key: ['a', 'b']` of the object that `name` is set to. @throws Reshaped when an entry is something else */
export function entriesOf(source: SourceText, name: string): Map<string, string[]> {
  const entries = new Map<string, string[]>();
  for (const property of objectOf(source, name, []).properties) {
    const list = ts.isPropertyAssignment(property) ? property.initializer : undefined;
    if (!list || !ts.isArrayLiteralExpression(list) || !list.elements.every(ts.isStringLiteral))
      throw new Reshaped(source.path, `${name} as lists of names`, [property.getText()]);
    entries.set(
      keyOf(property),
      list.elements.map((element) => (element as ts.StringLiteral).text),
    );
  }
  return entries;
}

/** Write every list of `name` anew as `change` says. */
export function withEntries(source: SourceText, name: string, change: (values: string[]) => string[]): SourceText {
  let result = source;
  for (const [key, values] of entriesOf(source, name)) {
    const wanted = change(values);
    if (wanted.length === values.length) continue;
    const found = propertyOf(objectOf(result, name, []), key);
    if (!found) continue;
    const list = found.initializer;
    result = splice(result, list.getStart(), list.getEnd(), `[${wanted.map((value) => `'${value}'`).join(', ')}]`);
  }
  return result;
}

/** Append a block, unless the file declares `symbol` already. */
export function withBlock(source: SourceText, symbol: string, block: string): SourceText {
  return declares(source, symbol) ? source : { ...source, text: `${source.text.trimEnd()}\n\n${block.trim()}\n` };
}

/** Whether the file declares a class, function, constant or type of this name. */
export function declares(source: SourceText, symbol: string): boolean {
  return new RegExp(`\\b(class|function|const|type|interface) ${symbol}\\b`).test(source.text);
}

type Declaration = ts.ImportDeclaration | ts.ExportDeclaration;

function parse({ path, text }: SourceText): ts.SourceFile {
  return ts.createSourceFile(
    path,
    text,
    ts.ScriptTarget.ES2024,
    true,
    path.endsWith('.mjs') ? ts.ScriptKind.JS : ts.ScriptKind.TS,
  );
}

function splice(source: SourceText, from: number, to: number, text: string): SourceText {
  return { ...source, text: source.text.slice(0, from) + text + source.text.slice(to) };
}

function withNames(source: SourceText, names: readonly string[], from: string, word: 'import' | 'export'): SourceText {
  const kind = word === 'import' ? ts.isImportDeclaration : ts.isExportDeclaration;
  const statements = parse(source).statements.filter((statement): statement is Declaration => kind(statement));
  const found = statements.find((statement) => leadsTo(statement, from) && namesOf(statement).length > 0);
  const known = found ? namesOf(found) : [];
  const missing = names.filter(
    (name) => !known.some((other) => other.replace(/^type /, '') === name.replace(/^type /, '')),
  );
  if (missing.length === 0) return source;
  const line = `${word} { ${[...known, ...missing].sort(byName).join(', ')} } from '${from}';`;
  return found ? splice(source, found.getStart(), found.getEnd(), line) : withLine(source, line, from, kind);
}

/** Put an import or export of `from` where the house would have it. */
function withLine(
  source: SourceText,
  line: string,
  from: string,
  kind: (statement: ts.Statement) => boolean,
): SourceText {
  const statements = parse(source).statements.filter((statement): statement is Declaration => kind(statement));
  const before = statements.filter((statement) => place(specifier(statement)) <= place(from)).at(-1);
  if (before) return splice(source, before.getEnd(), before.getEnd(), `\n${line}`);
  const first = statements[0];
  if (first) return splice(source, first.getStart(), first.getStart(), `${line}\n`);
  return { ...source, text: `${line}\n${source.text.trim() === '' ? '' : `\n${source.text}`}` };
}

function specifier(statement: Declaration): string {
  const text = statement.moduleSpecifier;
  return text && ts.isStringLiteral(text) ? text.text : '';
}

function leadsTo(statement: Declaration, from: string): boolean {
  return specifier(statement) === from;
}

function namesOf(statement: Declaration): string[] {
  const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
  if (!bindings || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return [];
  return bindings.elements.map((element) => element.getText());
}

/** What Node brings first, then packages, then files; each in the order of the alphabet. */
function place(from: string): string {
  return `${from.startsWith('.') ? (from.startsWith('..') ? '2' : '3') : from.startsWith('node:') ? '0' : '1'}${from}`;
}

function byName(left: string, right: string): number {
  const plain = (name: string) => name.replace(/^type /, '').toLowerCase();
  return plain(left) < plain(right) ? -1 : 1;
}

function variableOf(source: SourceText, name: string): ts.Expression | undefined {
  const statements = parse(source).statements.filter(ts.isVariableStatement);
  const found = statements.flatMap(({ declarationList }) => [...declarationList.declarations]);
  return found.find((declaration) => declaration.name.getText() === name)?.initializer;
}

function arrayOf(source: SourceText, name: string, byHand: readonly string[]): ts.ArrayLiteralExpression {
  const list = variableOf(source, name);
  if (!list || !ts.isArrayLiteralExpression(list) || !isPlain(list))
    throw new Reshaped(source.path, `\`${name} = [...]\`, a list of plain names`, byHand);
  return list;
}

function objectOf(source: SourceText, name: string, byHand: readonly string[]): ts.ObjectLiteralExpression {
  const value = variableOf(source, name);
  const object = value && ts.isCallExpression(value) ? value.arguments[0] : value;
  if (!object || !ts.isObjectLiteralExpression(object))
    throw new Reshaped(source.path, `\`${name} = { ... }\``, byHand);
  return object;
}

function decoratorObject(source: SourceText, decorator: string, line: string): ts.ObjectLiteralExpression {
  const classes = parse(source).statements.filter(ts.isClassDeclaration);
  for (const { expression } of classes.flatMap((node) => ts.getDecorators(node) ?? [])) {
    if (!ts.isCallExpression(expression) || expression.expression.getText() !== decorator) continue;
    const [object] = expression.arguments;
    if (object && ts.isObjectLiteralExpression(object)) return object;
  }
  throw new Reshaped(source.path, `@${decorator}({ ... })`, [line]);
}

/** Names, and what functions give where `spread` allows them. */
function isPlain(list: ts.ArrayLiteralExpression, spread = (_given: ts.Expression): boolean => false): boolean {
  return list.elements.every(
    (element) =>
      ts.isIdentifier(element) ||
      ts.isPropertyAccessExpression(element) ||
      (ts.isSpreadElement(element) && spread(element.expression)),
  );
}

function textsOf(list: ts.ArrayLiteralExpression): string[] {
  return list.elements.map((element) => element.getText());
}

function addItem(source: SourceText, list: ts.ArrayLiteralExpression, item: string): SourceText {
  const texts = textsOf(list);
  return texts.some((text) => bare(text) === bare(item)) ? source : renderItems(source, list, [...texts, item]);
}

/** Without what a formatter adds: blanks, and commas at an end. */
function bare(text: string): string {
  return text.replace(/\s+/g, '').replace(/,(?=[\])}])/g, '');
}

function renderItems(source: SourceText, list: ts.ArrayLiteralExpression, items: readonly string[]): SourceText {
  return splice(source, list.getStart(), list.getEnd(), `[${items.join(', ')}]`);
}

function keyOf(property: ts.ObjectLiteralElementLike): string {
  const { name } = property;
  return name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : '';
}

function propertyOf(object: ts.ObjectLiteralExpression, key: string): ts.PropertyAssignment | undefined {
  return object.properties.filter(ts.isPropertyAssignment).find((property) => keyOf(property) === key);
}

function addProperty(
  source: SourceText,
  object: ts.ObjectLiteralExpression,
  decorator: string,
  property: string,
  value?: string,
): SourceText {
  const order = ORDER[decorator] ?? [];
  const later = object.properties.find((other) => order.indexOf(keyOf(other)) > order.indexOf(property));
  const text = value === undefined ? property : `${property}: ${value}`;
  if (later) return splice(source, later.getStart(), later.getStart(), `${text}, `);
  const last = object.properties.at(-1);
  const at = last ? last.getEnd() : object.getStart() + 1;
  return splice(source, at, at, last ? `, ${text}` : ` ${text} `);
}

/** A key as prettier writes it. */
function quoted(key: string): string {
  return /^[a-z]\w*$/i.test(key) ? key : `'${key}'`;
}

/** Where the line of a node begins, after the end of the line before it. */
function leadingLine(source: SourceText, node: ts.Node): number {
  const gap = source.text.slice(node.getFullStart(), node.getStart());
  return gap.indexOf('\n') + 1;
}

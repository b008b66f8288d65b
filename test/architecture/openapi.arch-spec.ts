import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import { type JsonSchema, type OpenApiDocument } from '../support/openapi';
import { classesOf, decoratorsOf, place, productSources, ROOT, type Source } from './support/sources';

const REFERENCE = join(ROOT, 'docs', 'reference');

/** What `npm run docs` wrote; the test of the generated reference holds it against the built code. */
const documents = readdirSync(REFERENCE)
  .filter((file) => /^openapi.*\.json$/.test(file))
  .map((file) => ({ file, document: JSON.parse(readFileSync(join(REFERENCE, file), 'utf8')) as OpenApiDocument }));

interface DtoClass {
  readonly source: Source;
  readonly node: ts.ClassDeclaration;
  readonly name: string;
}

const dtos = productSources()
  .filter(({ name }) => name.endsWith('.dto.ts'))
  .flatMap((source) => classesOf(source).map((node): DtoClass => ({ source, node, name: node.name?.text ?? '' })));

function propertiesOf({ node }: DtoClass): string[] {
  const parent = node.heritageClauses?.[0]?.types[0]?.expression.getText();
  const inherited = dtos.filter(({ name }) => name === parent).flatMap(propertiesOf);
  const own = node.members.filter(
    (member): member is ts.PropertyDeclaration =>
      ts.isPropertyDeclaration(member) &&
      ts.isIdentifier(member.name) &&
      !decoratorsOf(member).includes('ApiHideProperty') &&
      !member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword),
  );
  return [...inherited, ...own.map(({ name }) => name.getText())];
}

/** Whether a schema leaves open what a value may be. */
function saysNothing(schema: JsonSchema): boolean {
  if (['$ref', 'allOf', 'anyOf', 'oneOf', 'enum', 'const'].some((key) => key in schema)) return false;
  const types = [schema.type].flat().filter((type) => type !== 'null');
  if (types.includes('array')) return typeof schema.items !== 'object' || saysNothing(schema.items as JsonSchema);
  if (types.includes('object'))
    return Object.keys(schema.properties ?? {}).length === 0 && !schema.additionalProperties;
  return types[0] === undefined;
}

/** The schema itself and all that is in it, each with where it stands. */
function within(at: string, schema: JsonSchema): [string, JsonSchema][] {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  return [[at, schema], ...properties.flatMap(([name, inner]) => within(`${at}.${name}`, inner))];
}

describe('the OpenAPI document', () => {
  it('has every property of every DTO, inherited ones too', () => {
    const told = dtos.filter(({ name }) => documents.some(({ document }) => document.components?.schemas?.[name]));
    const missing = told.flatMap((dto) =>
      documents.flatMap(({ document, file }) => {
        const schema = document.components?.schemas?.[dto.name];
        const properties = Object.keys(schema?.properties ?? {});
        return schema
          ? propertiesOf(dto)
              .filter((name) => !properties.includes(name))
              .map((name) => `${file}: ${dto.name}.${name}`)
          : [];
      }),
    );

    expect(told.length).toBeGreaterThan(20);
    expect(missing).toEqual([]);
  });

  it('says of every property and of every body what it is', () => {
    const silent = documents.flatMap(({ document, file }) => {
      const schemas = Object.entries(document.components?.schemas ?? {}).flatMap(([name, schema]) =>
        within(name, schema),
      );
      const bodies = Object.entries(document.paths).flatMap(([path, operations]) =>
        Object.entries(operations).flatMap(([method, { requestBody, responses }]) =>
          [requestBody, ...Object.values(responses)].flatMap((body) =>
            Object.values(body?.content ?? {}).flatMap(({ schema }) => within(`${method} ${path}`, schema ?? {})),
          ),
        ),
      );
      // Facts about an error differ from error to error.
      const free = /\.details$/;
      return [...schemas, ...bodies]
        .filter(([at, schema]) => saysNothing(schema) && !free.test(at))
        .map(([at]) => `${file}: ${at}`);
    });

    expect(silent).toEqual([]);
  });

  it('can tell two DTOs apart: it knows them by their names', () => {
    const twice = dtos.filter(({ name }, index) => dtos.findIndex((other) => other.name === name) !== index);

    expect(twice.map(({ name, node, source }) => `${place(source, node)} ${name}`)).toEqual([]);
  });

  it('can read every DTO: the compiler plugin looks into files *.dto.ts', () => {
    const elsewhere = productSources()
      .filter(({ name }) => !name.endsWith('.dto.ts'))
      .flatMap((source) => classesOf(source).map((node) => ({ source, node })))
      .filter(({ node }) => node.name?.text.endsWith('Dto'));

    expect(elsewhere.map(({ node, source }) => place(source, node))).toEqual([]);
  });
});

describe('the build', () => {
  it('writes nothing of where it lies', () => {
    const spellings = [ROOT, encodeURI(ROOT), JSON.stringify(ROOT).slice(1, -1)];
    const files = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(js|map|tsbuildinfo)$/.test(file),
    );
    const absolute = files.filter((file) => {
      const text = readFileSync(join(ROOT, 'dist', file), 'utf8');
      return spellings.some((spelling) => text.includes(spelling)) || /\brequire\("(?:\/|[A-Za-z]:)/.test(text);
    });

    expect(files.length).toBeGreaterThan(100);
    expect(absolute).toEqual([]);
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ts from 'typescript';
import { entryOf } from '../support/app-process';
import { type JsonSchema, type OpenApiDocument, type OpenApiOperation } from '../support/openapi';
import { classesOf, decoratorsOf, place, productSources, ROOT, type Source } from './support/sources';

/** What the built API says of itself; only v1 is committed, and v2 is held against it here. */
const { openapi } = described();
const documents = Object.entries(openapi).map(([version, document]) => ({ file: `openapi.${version}.json`, document }));

function described(): { openapi: Record<'v1' | 'v2', OpenApiDocument> } {
  const folder = mkdtempSync(join(tmpdir(), 'omnistack-openapi-'));
  const env = { ENVIRONMENT: 'local', DATA_DIR: folder, LOG_LEVEL: 'ERROR' };
  const options = { cwd: folder, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  try {
    // What `api --describe` prints; `omni docs check` reads the same.
    return JSON.parse(execFileSync(process.execPath, [entryOf('api'), '--describe'], options)) as ReturnType<
      typeof described
    >;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

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

describe('v2 of the OpenAPI document', () => {
  const operations = (version: 'v1' | 'v2') =>
    new Map(
      Object.entries(openapi[version].paths).flatMap(([path, methods]) =>
        Object.entries(methods)
          .filter(() => path.startsWith(`/api/${version}/`))
          .map(([method, operation]) => [`${method} ${path.replace(`/api/${version}`, '')}`, operation] as const),
      ),
    );
  const [first, second] = [operations('v1'), operations('v2')];

  it('has the operations of v1, but for what scrapers know by one address', () => {
    const missing = [...first.keys()].filter((name) => !second.has(name));
    expect(missing.sort()).toEqual(['get /public/metrics', 'get /public/metrics/health']);
    expect([...second.keys()].filter((name) => !first.has(name))).toEqual([]);
    expect(second.size).toBeGreaterThan(70);
  });

  it('says of each what v1 says, its answer in the envelope', () => {
    const differing = [...first].filter(([name, operation]) => {
      const other = second.get(name);
      return other && JSON.stringify(enveloped(operation)) !== JSON.stringify(other);
    });

    // What controllers of version 2 answer in their own words.
    expect(differing.map(([name]) => name).sort()).toEqual([
      'get /app/users/me',
      'get /public/health',
      'get /public/health/ready',
      'patch /app/users/me',
    ]);
  });

  it('shares its components with v1', () => {
    const { responses, ...others } = openapi.v2.components ?? {};
    expect(responses).toEqual(openapi.v1.components?.responses);
    const { schemas: ofFirst = {} } = openapi.v1.components ?? {};
    const own = Object.entries(others.schemas ?? {}).filter(
      ([name, schema]) => JSON.stringify(schema) !== JSON.stringify(ofFirst[name]),
    );
    expect(own.map(([name]) => name).sort()).toEqual([
      'ComponentV2Dto',
      'ComponentsV2Dto',
      'HealthV2Dto',
      'Meta',
      'PageMeta',
      'ReadinessV2Dto',
      'UserV2Dto',
    ]);
  });

  /** The rule of the envelope, written apart from the code that keeps it. */
  function enveloped(operation: OpenApiOperation): OpenApiOperation {
    const copy = structuredClone(operation);
    for (const [status, { content = {} }] of Object.entries(copy.responses)) {
      if (Number(status) >= 400) continue;
      for (const media of Object.values(content)) media.schema = inEnvelope(media.schema ?? {});
    }
    return copy;
  }

  function inEnvelope(schema: JsonSchema): JsonSchema {
    const name = String(schema.$ref).split('/').at(-1) ?? '';
    const items = (openapi.v1.components?.schemas?.[name]?.properties as { items?: JsonSchema } | undefined)?.items;
    const isPage = name.endsWith('PageDto') && items;
    return {
      type: 'object',
      properties: {
        data: isPage ? items : schema,
        meta: { $ref: `#/components/schemas/${isPage ? 'PageMeta' : 'Meta'}` },
      },
      required: ['data', 'meta'],
      additionalProperties: false,
    };
  }
});

describe('an error in the OpenAPI document', () => {
  it('has a name that operations share, so that a generated client has one type for it', () => {
    const unnamed = documents.flatMap(({ document, file }) =>
      Object.entries(document.paths).flatMap(([path, methods]) =>
        Object.entries(methods).flatMap(([method, { responses }]) =>
          Object.entries(responses)
            .filter(([status, { $ref }]) => Number(status) >= 400 && !$ref?.startsWith('#/components/responses/'))
            .map(([status]) => `${file}: ${method} ${path} ${status}`),
        ),
      ),
    );

    // Not an error: the report of what is away.
    expect(unnamed.filter((place) => !/\/health\S* 503$/.test(place))).toEqual([]);
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

import { RequestMethod } from '@nestjs/common';
import { type OpenAPIObject } from '@nestjs/swagger';
import { type TokenGuide } from '@platform/security';
import { type ApiVersion } from '../entry/api-version';
import { pageClasses } from '../paging/page.dto';
import { UuidPipe } from '../paging/uuid-param';
import { type PlannedRoute } from '../pipeline/route-registry';
import { parametersOf } from '../pipeline/route-plan';
import { withExamples } from './examples';
import { introduction } from './introduction';
import { inKeywordOrder } from './keyword-order';
import { errorResponses, requestHeaders } from './operation-responses';
import {
  closedObject,
  type ComponentKind,
  ENVELOPE_SCHEMAS,
  headerReferences,
  reference,
  type Schema,
  STANDARD_SCHEMAS,
} from './schemas';
import { errorReference, HEADERS, PARAMETERS, RATE_LIMIT_HEADERS, RESPONSES } from './shared-components';

/** Where `@ApiTags` of Swagger writes; it publishes no name for it. */
const API_TAGS = 'swagger/apiUseTags';

const OPERATIONS = new Set(['sockets', 'health', 'metrics']);

interface Operation {
  tags?: string[];
  operationId?: string;
  parameters?: Schema[];
  responses: Record<
    string,
    { description?: string; headers?: Record<string, Schema>; content?: Record<string, Schema> }
  >;
  security?: Schema[];
  [name: string]: unknown;
}

/** What a document tells of the process beside its routes. */
export interface Known {
  /** Whether people can act for tenants. */
  readonly tenants: boolean;
  /** Where a token comes from. */
  readonly guide: TokenGuide | null;
}

/**
 * What the decorators know and Swagger does not: one version of the document, with its envelope, the errors of each
 * route, security, headers, and schemas that allow nothing beyond what they name.
 */
export function completeDocument(
  whole: OpenAPIObject,
  version: ApiVersion,
  routes: readonly PlannedRoute[],
  known: Known,
): OpenAPIObject {
  const schemas = structuredClone((whole.components?.schemas ?? {}) as Record<string, Schema>);
  Object.values(schemas).forEach(close);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    if (!belongsTo(route.path, version)) continue;
    const template = route.path.replace(/:(\w+)/g, '{$1}');
    const method = route.method.toLowerCase();
    // Swagger's own types describe the same JSON with classes.
    const found = (whole.paths[template] as unknown as Record<string, Operation> | undefined)?.[method];
    if (!found) continue;
    (paths[template] ??= {})[method] = completed(structuredClone(found), route, version, { ...known, schemas });
  }
  const all = { ...schemas, ...STANDARD_SCHEMAS, ...(version === 'v2' && ENVELOPE_SCHEMAS) };
  const shown = Object.entries(all).map(([name, schema]) => [name, withExamples(name, schema)] as const);
  const shared = { schemas: Object.fromEntries(shown), responses: RESPONSES, headers: HEADERS, parameters: PARAMETERS };
  // Swagger's own types describe the same JSON with classes.
  return inKeywordOrder({
    ...whole,
    info: { ...whole.info, description: introduction(version, known.guide) },
    tags: tagsOf(paths),
    paths,
    components: { ...whole.components, ...reachable(shared, paths) },
  }) as unknown as OpenAPIObject;
}

/** In the order of the routes, what runs the service after what it is for. */
function tagsOf(paths: Record<string, Record<string, Operation>>): { name: string }[] {
  const names = new Set(
    Object.values(paths).flatMap((methods) => Object.values(methods).flatMap(({ tags }) => tags ?? [])),
  );
  const last = (name: string): number => Number(OPERATIONS.has(name));
  return [...names].sort((a, b) => last(a) - last(b)).map((name) => ({ name }));
}

/** The routes outside of `/api/<version>` (probes) are told with the first version. */
function belongsTo(path: string, version: ApiVersion): boolean {
  return path.startsWith(`/api/${version}/`) || (version === 'v1' && !/^\/api\/v\d+\//.test(path));
}

function completed(
  operation: Operation,
  route: PlannedRoute,
  version: ApiVersion,
  { schemas, tenants }: Known & { readonly schemas: Record<string, Schema> },
): Operation {
  const { plan } = route;
  const declared = operation.responses;
  const tagged = isTagged(route, declared['200']);
  for (const [status, response] of Object.entries(declared)) {
    if (Number(status) >= 400) {
      declared[status] = named(status, response);
      continue;
    }
    response.description ||= status === '204' ? 'Done' : 'Success';
    response.headers = { ...response.headers, ...successHeaders(route) };
    if (version === 'v2' && !plan.flat) envelop(response, schemas);
  }
  return {
    ...operation,
    tags: isGrouped(route) || !route.domain ? operation.tags : [route.domain],
    parameters: [
      ...(operation.parameters ?? []).map((one) => withFormat(one, route)),
      ...requestHeaders(route, { tagged, tenants }),
    ],
    responses: {
      ...(tagged && { 304: { description: 'Unchanged since the version in If-None-Match' } }),
      ...(errorResponses(route) as Operation['responses']),
      // A controller's own word about a status wins: readiness answers 503 with its report.
      ...declared,
    },
    security: plan.isPublic ? [] : [{ bearer: [] }],
    ...(plan.permission && { 'x-permission': plan.permission }),
  };
}

/** An error that a controller declares, by its name; one with a body of its own stays as it is. */
function named(status: string, response: Operation['responses'][string]): Operation['responses'][string] {
  const isError = Object.values(response.content ?? {}).some(
    ({ schema }) => nameIn((schema ?? {}) as Schema) === 'Error',
  );
  return (isError && errorReference(Number(status), response.description)) || response;
}

/** Whether somebody has said with `@ApiTags` where the document shows it; else that is its domain. */
function isGrouped({ stated: { controller, handler } }: PlannedRoute): boolean {
  return [controller, handler].some((target) => Reflect.hasMetadata(API_TAGS, target));
}

/** Whether a reader may get an ETag: single resources of signed-in callers. */
function isTagged({ plan, stated }: PlannedRoute, success: Operation['responses'][string] | undefined): boolean {
  if (stated.method !== RequestMethod.GET || plan.isPublic) return false;
  return !Object.values(success?.content ?? {}).some(({ schema }) => isPage(schema as Schema | undefined));
}

function successHeaders({ plan, stated }: PlannedRoute): Record<string, Schema> {
  return headerReferences(
    'X-Request-ID',
    ...(plan.policy ? RATE_LIMIT_HEADERS : []),
    ...(plan.idempotent ? ['Idempotency-Replayed'] : []),
    ...(!plan.isPublic && stated.method !== RequestMethod.DELETE ? ['ETag'] : []),
  );
}

function envelop(response: Operation['responses'][string], schemas: Record<string, Schema>): void {
  for (const media of Object.values(response.content ?? {})) {
    const schema = media.schema as Schema | undefined;
    if (schema) media.schema = enveloped(schema, schemas);
  }
}

function enveloped(schema: Schema, schemas: Record<string, Schema>): Schema {
  const page = isPage(schema) ? schemas[nameIn(schema) ?? ''] : undefined;
  const properties = page?.properties as Record<string, Schema> | undefined;
  if (properties?.items) return closedObject({ data: properties.items, meta: reference('PageMeta') });
  return closedObject({ data: schema, meta: reference('Meta') });
}

function isPage(schema: Schema | undefined): boolean {
  const name = schema && nameIn(schema);
  return name !== undefined && [...pageClasses().values()].some((page) => page.name === name);
}

function nameIn(schema: Schema): string | undefined {
  return typeof schema.$ref === 'string' ? schema.$ref.split('/').pop() : undefined;
}

/** Path parameters that `@UuidParam` reads are UUIDs. */
function withFormat(parameter: Schema, { stated }: PlannedRoute): Schema {
  if (parameter.in !== 'path') return parameter;
  const isUuid = Object.values(parametersOf(stated.controller, stated.handler)).some(
    ({ data, pipes }) => data === parameter.name && pipes?.some((pipe) => pipe instanceof UuidPipe),
  );
  return isUuid ? { ...parameter, schema: { type: 'string', format: 'uuid' } } : parameter;
}

/** Nothing beyond the named properties, in objects at every depth; free objects stay free. */
function close(schema: Schema): void {
  const properties = schema.properties as Record<string, Schema> | undefined;
  if (properties && schema.additionalProperties === undefined) schema.additionalProperties = false;
  Object.values(properties ?? {}).forEach(close);
  if (typeof schema.items === 'object' && schema.items !== null) close(schema.items as Schema);
}

type Components = Record<ComponentKind, Readonly<Record<string, Schema>>>;

/** The components that the paths lead to: a version's document shows nothing of the other. */
function reachable(components: Components, paths: unknown): Components {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    for (const [place, kind, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      if (found.has(place)) continue;
      found.add(place);
      visit(components[kind as ComponentKind][name] ?? {});
    }
  };
  visit(paths);
  const kept = Object.entries(components).map(([kind, all]) => [
    kind,
    Object.fromEntries(
      Object.entries(all).filter(([name]) => found.has(JSON.stringify(`#/components/${kind}/${name}`))),
    ),
  ]);
  return Object.fromEntries(kept) as Components;
}

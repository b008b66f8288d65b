import Ajv2019, { type ValidateFunction } from 'ajv/dist/2019';
import addFormats from 'ajv-formats';

/** The parts of an OpenAPI document that the contract check reads. */
export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, OpenApiOperation>>;
  components?: { schemas?: Record<string, JsonSchema>; responses?: Record<string, OpenApiResponse> };
}

/** An answer as an operation declares it: written out, or by the name of a response that many share. */
export interface OpenApiResponse {
  $ref?: string;
  content?: Record<string, { schema?: JsonSchema }>;
}

/** One operation, as far as the tests read it. */
export interface OpenApiOperation {
  operationId?: string;
  parameters?: { name: string; in: string; schema?: JsonSchema }[];
  requestBody?: {
    content?: Record<string, { schema?: JsonSchema; examples?: Record<string, { value?: unknown }> }>;
  };
  responses: Record<string, OpenApiResponse>;
  /** Empty: everybody may call. */
  security?: unknown[];
  /** The permission that a caller needs. */
  'x-permission'?: string;
}

/** A JSON schema; the tests look into it part by part. */
export type JsonSchema = { [key: string]: unknown };

/** What a response must be checked for. */
export interface AnsweredRequest {
  method: string;
  /** Path without query. */
  path: string;
  status: number;
  contentType: string;
  /** The parsed body; undefined when there was none. */
  body: unknown;
}

const DOCUMENT = 'openapi.json';

/** Holds every answer against one OpenAPI document, closed: a property that is not declared is a violation. */
export class OpenApiContract {
  private readonly ajv: Ajv2019;
  private readonly templates: { template: string; pattern: RegExp }[];
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(readonly document: OpenApiDocument) {
    this.ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: true });
    addFormats(this.ajv);
    this.ajv.addSchema({ ...closed(document), $id: DOCUMENT });
    this.templates = Object.keys(document.paths)
      .map((template) => ({ template, pattern: templatePattern(template) }))
      // The literal path wins over the one with a parameter in its place.
      .sort((a, b) => a.template.split('{').length - b.template.split('{').length);
  }

  /** The violations, empty when the answer is as declared; undefined when the document does not know the route. */
  violations(answered: AnsweredRequest): string[] | undefined {
    const template = this.templates.find(({ pattern }) => pattern.test(answered.path))?.template;
    const operation = template && this.document.paths[template]?.[answered.method.toLowerCase()];
    if (!template || !operation) return undefined;
    const place = `${answered.method} ${template} → ${answered.status}`;
    const declared = operation.responses[String(answered.status)];
    if (!declared) return [`${place}: this status is not declared`];
    const { $ref } = declared;
    if ($ref === undefined) {
      const pointer = ['paths', template, answered.method.toLowerCase(), 'responses', String(answered.status)];
      return this.bodyViolations(place, answered, pointer, declared.content);
    }
    const pointer = $ref.split('/').slice(1);
    const shared = this.document.components?.responses?.[pointer.at(-1) ?? ''];
    return shared ? this.bodyViolations(place, answered, pointer, shared.content) : [`${place}: nothing at ${$ref}`];
  }

  private bodyViolations(
    place: string,
    answered: AnsweredRequest,
    pointer: readonly string[],
    content: Record<string, { schema?: JsonSchema }> = {},
  ): string[] {
    const declared = Object.keys(content);
    if (declared.length === 0) {
      return answered.body === undefined ? [] : [`${place}: declared without a body, answered with one`];
    }
    const type = answered.contentType.split(';')[0]?.trim() ?? '';
    if (!declared.includes(type))
      return [`${place}: content type ${type || '(none)'}, declared ${declared.join(', ')}`];
    if (!content[type]?.schema) return [`${place}: declared without a schema`];
    const validate = this.validator([...pointer, 'content', type, 'schema']);
    if (validate(answered.body)) return [];
    return (validate.errors ?? []).map((error) => {
      const parameters = JSON.stringify(error.params);
      return `${place}: ${error.instancePath || '(body)'} ${error.message} ${parameters}`;
    });
  }

  private validator(pointer: string[]): ValidateFunction {
    const reference = `${DOCUMENT}#/${pointer.map(escapePointer).join('/')}`;
    const known = this.validators.get(reference);
    if (known) return known;
    const compiled = this.ajv.compile({ $ref: reference });
    this.validators.set(reference, compiled);
    return compiled;
  }
}

function templatePattern(template: string): RegExp {
  const literal = template.split(/\{[^}]+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${literal.join('[^/]+')}/?$`);
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** A copy of the document in which every object schema refuses properties that nothing declares. */
function closed(document: OpenApiDocument): OpenApiDocument {
  const copy = structuredClone(document);
  for (const schema of Object.values(copy.components?.schemas ?? {})) closeInside(schema);
  const operations = Object.values(copy.paths).flatMap((methods) => Object.values(methods));
  const responses = [...operations, copy.components ?? {}].flatMap((part) => Object.values(part.responses ?? {}));
  for (const response of responses) {
    for (const content of Object.values(response.content ?? {})) if (content.schema) closeAt(content.schema);
  }
  return copy;
}

/** Close the schema where a value is described by it alone: members of allOf stay open, their whole is closed. */
function closeAt(schema: JsonSchema): void {
  const describesObject = '$ref' in schema || 'allOf' in schema || 'properties' in schema;
  if (describesObject && !('additionalProperties' in schema)) schema.unevaluatedProperties = false;
  closeInside(schema);
}

function closeInside(schema: JsonSchema): void {
  if (schema.type === 'object' && !('properties' in schema) && !('additionalProperties' in schema)) {
    schema.additionalProperties = true;
  }
  const properties = schema.properties as Record<string, JsonSchema> | undefined;
  Object.values(properties ?? {}).forEach(closeAt);
  for (const key of ['items', 'additionalProperties', 'not']) if (isSchema(schema[key])) closeAt(schema[key]);
  for (const key of ['oneOf', 'anyOf']) ((schema[key] ?? []) as JsonSchema[]).forEach(closeAt);
  ((schema.allOf ?? []) as JsonSchema[]).forEach(closeInside);
  // OpenAPI 3.0 writes `nullable` beside a reference, where JSON schema does not look.
  if (schema.nullable === true && schema.type === undefined) allowNull(schema);
}

function allowNull(schema: JsonSchema): void {
  const { nullable: _nullable, description: _description, ...rest } = { ...schema };
  for (const key of Object.keys(schema)) delete schema[key];
  schema.anyOf = [{ type: 'null' }, rest];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}

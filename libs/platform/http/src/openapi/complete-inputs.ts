import { RouteParamtypes } from '@nestjs/common/internal';
import { type OpenAPIObject } from '@nestjs/swagger';
import { type Constructor } from '@platform/kernel';
import { type PlannedRoute } from '../pipeline/route-registry';
import { parametersOf } from '../pipeline/route-plan';
import { describeInput, type DescribedProperty } from './input-schemas';
import { type Schema } from './schemas';

type Properties = Record<string, Schema>;

/** What a parameter is that nothing validates: an interface, a list, a text. */
const NO_DTO = new Set<unknown>([Object, Array, String, Number, Boolean]);

/**
 * Write into `whole` what the rules of class-validator say of every body and every query, so that the document cannot
 * lose a field or a bound. Gives what the document would still get wrong, each with its place and its fix.
 */
export function completeInputs(whole: OpenAPIObject, routes: readonly PlannedRoute[]): string[] {
  // Swagger's own types describe the same JSON with classes.
  const schemas = (whole.components?.schemas ?? {}) as Properties;
  const bodies = new Set<Constructor>();
  const violations: string[] = [];
  for (const { method, path, stated } of routes) {
    const operation = operationOf(whole, method, path);
    if (!operation) continue;
    for (const input of inputsOf(stated.controller, stated.handler, RouteParamtypes.BODY)) bodies.add(input);
    for (const input of inputsOf(stated.controller, stated.handler, RouteParamtypes.QUERY)) {
      violations.push(...completeQuery(operation, input));
    }
  }
  // A set hands out what is added while it is walked: the classes of nested objects.
  for (const input of bodies) violations.push(...completeBody(schemas, input, bodies));
  return [...new Set(violations)];
}

function operationOf(whole: OpenAPIObject, method: string, path: string): { parameters?: Schema[] } | undefined {
  const operations = whole.paths[path.replace(/:(\w+)/g, '{$1}')] as Record<string, object> | undefined;
  return operations?.[method.toLowerCase()];
}

/** The classes that a handler takes its body or its query as. */
function inputsOf(
  controller: Constructor,
  handler: PlannedRoute['stated']['handler'],
  kind: RouteParamtypes,
): Constructor[] {
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype, handler.name) as unknown[];
  return Object.entries(parametersOf(controller, handler)).flatMap(([key, { data }]) => {
    const [of, index] = key.split(':');
    const type = types[Number(index)];
    const isDto = typeof type === 'function' && !NO_DTO.has(type);
    return Number(of) === kind && data === undefined && isDto ? [type as Constructor] : [];
  });
}

function completeBody(schemas: Properties, input: Constructor, bodies: Set<Constructor>): string[] {
  const schema = (schemas[input.name] ??= { type: 'object' });
  const stated = (schema.properties ?? {}) as Properties;
  const described = describeInput(input, stated);
  const properties = Object.fromEntries(described.map((property) => [property.name, property.schema]));
  const required = described.filter((property) => property.required).map(({ name }) => name);
  schema.properties = properties;
  if (required.length > 0) schema.required = required;
  else delete schema.required;
  for (const { nested } of described) if (nested) bodies.add(nested);
  return violationsOf(input, stated, described);
}

function completeQuery(operation: { parameters?: Schema[] }, input: Constructor): string[] {
  const isQuery = ({ in: where }: Schema): boolean => where === 'query';
  const parameters = operation.parameters ?? [];
  const stated = new Map(parameters.filter(isQuery).map((parameter) => [String(parameter.name), parameter]));
  const schemas = Object.fromEntries([...stated].map(([name, { schema }]) => [name, schema as Schema]));
  const described = describeInput(input, schemas);
  operation.parameters = [
    ...parameters.filter((parameter) => !isQuery(parameter)),
    ...described.map(({ name, required, schema }) => ({ ...stated.get(name), name, in: 'query', required, schema })),
  ];
  return violationsOf(input, schemas, described);
}

function violationsOf(input: Constructor, stated: Properties, described: readonly DescribedProperty[]): string[] {
  const ruled = new Set(described.map(({ name }) => name));
  return [
    ...Object.keys(stated)
      .filter((name) => !ruled.has(name))
      .map(
        (name) =>
          `${input.name}.${name} stands in the OpenAPI document and has no rule, so every request that sends it is ` +
          'refused: add a rule of class-validator, or hide it with @ApiHideProperty()',
      ),
    ...described
      .filter(({ schema, takesNull }) => isNullable(schema) && !takesNull)
      .map(
        ({ name }) =>
          `${input.name}.${name} may be null in the OpenAPI document, and its rules refuse null: add ` +
          '@IsOptional(), or take null out of its type',
      ),
    ...described
      .filter(({ schema }) => isSilent(schema))
      .map(
        ({ name }) =>
          `${input.name}.${name} has no type in the OpenAPI document: say it with @ApiProperty({ type }), or with a ` +
          'rule of class-validator such as @IsString()',
      ),
  ];
}

function isNullable({ nullable, type }: Schema): boolean {
  return nullable === true || (Array.isArray(type) && type.includes('null'));
}

/** Whether a schema says nothing: the compiler plugin could not read the type, and no rule tells it. */
function isSilent(schema: Schema): boolean {
  const { additionalProperties, properties, type } = schema;
  const says = (key: string): boolean => schema[key] !== undefined;
  if (['$ref', 'allOf', 'anyOf', 'oneOf', 'enum', 'const'].some(says)) return false;
  const [own, ...more] = Array.isArray(type) ? (type as unknown[]).filter((one) => one !== 'null') : [type];
  if (own === 'array') return typeof schema.items !== 'object' || isSilent(schema.items as Schema);
  return more.length === 0 && (own === undefined || (own === 'object' && !properties && !additionalProperties));
}

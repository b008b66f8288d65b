import { type Method } from './api-client';
import { type Stack } from './modes';
import { type JsonSchema, type OpenApiContract, type OpenApiDocument, type OpenApiOperation } from './openapi';

/** One operation of a running API, as its OpenAPI document tells of it: what a rule about all routes goes through. */
export interface Operation {
  /** `PATCH /api/v1/app/projects/{id}`; names it in violations. */
  readonly name: string;
  readonly method: Method;
  /** `/api/v1/app/projects/{id}` */
  readonly path: string;
  /** The same without method's version: `PATCH /app/projects/{id}`; fixtures are registered under it. */
  readonly key: string;
  /** The path of {@link key}. */
  readonly route: string;
  /** Names of the path parameters, in the order of the path. */
  readonly parameters: readonly string[];
  /** Schema of the JSON body; absent where none is declared. */
  readonly body?: JsonSchema;
  readonly permission?: string;
  readonly isPublic: boolean;
  readonly isAdmin: boolean;
  /** Whether the method may change something. */
  readonly changes: boolean;
  readonly document: OpenApiDocument;
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
const VERSION = /^\/api\/v\d+/;

/** Every operation of every document. @throws Error when there is no document: a rule about no routes would hold */
export function operationsOf(contracts: readonly OpenApiContract[]): Operation[] {
  const operations = contracts.flatMap(({ document }) =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => operationOf(document, path, method, operation)),
    ),
  );
  if (operations.length === 0)
    throw new Error('The running API serves no OpenAPI document, so there is nothing to judge');
  return operations;
}

/** The operation of a document at this path; undefined when there is none. */
export function operationAt(document: OpenApiDocument, method: Method, path: string): Operation | undefined {
  const stated = document.paths[path]?.[method.toLowerCase()];
  return stated && operationOf(document, path, method, stated);
}

/** A route as the process serves it, whether a document tells of it or not. */
export interface ServedRoute {
  /** As {@link Operation.name}. */
  readonly name: string;
  readonly path: string;
  /** Name of the class that serves it. */
  readonly controller: string;
  /** The permission, or `public`. */
  readonly access: string;
  /** Whether the proof of identity must be recent. */
  readonly stepUp: boolean;
}

/** Every route that the process serves, by its own route registry. @throws Error with what `omni routes` said */
export async function servedRoutes(stack: Stack): Promise<ServedRoute[]> {
  const { output, status } = await stack.omni('routes', '--json');
  if (status !== 0) throw new Error(`omni routes ended with ${status}: ${output}`);
  // The rows of `omni routes --json`.
  const rows = JSON.parse(output) as {
    method: string;
    path: string;
    handler: string;
    access: string;
    step_up?: true;
  }[];
  return rows.map(({ access, handler, method, path, step_up }) => {
    const name = `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`;
    return { name, path, controller: handler.split('.')[0] ?? '', access, stepUp: step_up === true };
  });
}

function operationOf(document: OpenApiDocument, path: string, method: string, stated: OpenApiOperation): Operation {
  // The documents hold the methods of HTTP in lower case, and Nest serves no others than the client sends.
  const verb = method.toUpperCase() as Method;
  const route = path.replace(VERSION, '');
  return {
    name: `${verb} ${path}`,
    method: verb,
    path,
    key: `${verb} ${route}`,
    route,
    parameters: [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name),
    body: stated.requestBody?.content?.['application/json']?.schema,
    permission: stated['x-permission'],
    isPublic: stated.security?.length === 0,
    isAdmin: /^\/api\/v\d+\/admin\//.test(path),
    changes: !READING.has(verb),
    document,
  };
}

/** The path with its parameters filled in. @throws Error naming the one that is missing */
export function pathOf({ name, path }: Operation, values: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{([^}]+)\}/g, (_whole, parameter: string) => {
    const value = values[parameter];
    if (value === undefined) throw new Error(`${name}: no value for {${parameter}}`);
    return encodeURIComponent(value);
  });
}

/**
 * What a rule finds, operation by operation, one after the other: each violation begins with the name of its operation.
 * An error, such as an answer that breaks the contract, is a violation too.
 */
export async function violationsOf(
  operations: readonly Operation[],
  judge: (operation: Operation) => Promise<string[]>,
): Promise<string[]> {
  const violations: string[] = [];
  for (const operation of operations) {
    const found = await judge(operation).catch((error: unknown) => [String(error)]);
    violations.push(...found.map((violation) => `${operation.name}: ${violation}`));
  }
  return violations;
}

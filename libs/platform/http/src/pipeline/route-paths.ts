import { RequestMethod, VERSION_NEUTRAL } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, VERSION_METADATA } from '@nestjs/common/internal';
import { type Constructor } from '@platform/kernel';
import { API_VERSIONS } from '../entry/api-version';
import { type Handler } from './route-plan';

/** Nest writes URIs as this prefix, the version's number, the controller's path and the method's. */
export const VERSION_PREFIX = 'api/v';

const VERSIONED = new RegExp(
  `^/${VERSION_PREFIX}(?:${API_VERSIONS.map((version) => version.slice(1)).join('|')})/`,
  'i',
);

/** The numbers of {@link API_VERSIONS}: what a controller is served under unless it says otherwise. */
export const VERSION_NUMBERS = API_VERSIONS.map((version) => version.slice(1));

/** Where a handler is reached. */
export interface Endpoint {
  readonly method: RequestMethod;
  /** Templates as Express writes them: `/api/v1/app/projects/:id`. */
  readonly paths: readonly string[];
}

/** The endpoint of a method of a controller; undefined when the method is no route. */
export function endpointOf(controller: Constructor, handler: Handler): Endpoint | undefined {
  const methodPath = Reflect.getMetadata(PATH_METADATA, handler) as string | string[] | undefined;
  if (methodPath === undefined) return undefined;
  const controllerPath = Reflect.getMetadata(PATH_METADATA, controller) as string | string[] | undefined;
  const paths = versionsOf(controller, handler).flatMap((version) =>
    listed(controllerPath).flatMap((head) =>
      listed(methodPath).map((tail) => joined(versionSegment(version), head, tail)),
    ),
  );
  // Every route decorator of Nest writes both entries.
  return { method: Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod, paths };
}

function versionsOf(controller: Constructor, handler: Handler): (string | symbol)[] {
  const stated = (Reflect.getMetadata(VERSION_METADATA, handler) ??
    Reflect.getMetadata(VERSION_METADATA, controller) ??
    VERSION_NUMBERS) as string | symbol | (string | symbol)[];
  return Array.isArray(stated) ? stated : [stated];
}

function versionSegment(version: string | symbol): string {
  return version === VERSION_NEUTRAL ? '' : `${VERSION_PREFIX}${String(version)}`;
}

function listed(path: string | string[] | undefined): string[] {
  return Array.isArray(path) ? path : [path ?? ''];
}

function joined(...parts: string[]): string {
  return `/${parts
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')}`;
}

const PREFIX = /^(?:\/api)?(?:\/v\d+)?(?:\/(?:app|public|admin))?(?=\/)/;

/** `/projects` of `/api/v1/app/projects`: what is left of a path without version and audience. */
export function withoutPrefix(path: string): string {
  return path.replace(PREFIX, '');
}

/** The path as every version of the API has it: `/api/app/projects`. */
export function withoutVersion(path: string): string {
  return path.replace(VERSIONED, '/api/');
}

/** Matches requests to a template: a `:name` is one segment, a `*name` the rest. */
export function patternOf(template: string): RegExp {
  const source = template
    .split('/')
    .map((segment) => {
      if (segment.startsWith(':')) return '[^/]+';
      return segment.includes('*') ? '.+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('/');
  return new RegExp(`^${source}/?$`, 'i');
}

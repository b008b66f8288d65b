import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type AppError, BadRequest, PreconditionFailed } from '@platform/kernel';
import { UnusableIfMatch } from '../errors/http-errors';
import { type HttpRequest } from '../http-request';

const ETAG = Symbol('omnistack.http.etag');
const VERSION_TAG = /^"(\d{1,15})"$/;
const WEAK_TAG = /^W\//i;

/** No row has this version, so a conditional update with it misses and the service answers 412. */
const NEVER = -1;

/**
 * Give `dto` the entity tag of its row's `version`; the pipeline sets `ETag`, and answers 304 to `If-None-Match`.
 * The tag names the state of the resource, the same in both API versions.
 */
export function withEtag<T extends object>(dto: T, version: number): T {
  // A symbol is no part of the JSON.
  (dto as T & { [ETAG]?: string })[ETAG] = `"${version}"`;
  return dto;
}

/** The tag that {@link withEtag} gave. */
export function etagOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? (value as { [ETAG]?: string })[ETAG] : undefined;
}

/** Whether `If-None-Match` names `etag` (RFC 9110 §13.1.2: weak comparison, so a proxy's `W/` does not matter). */
export function matchesNone(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
}

/**
 * The version in `If-Match`: undefined without the header or for `*`, the number of our own tag, and a version that
 * never exists for any other (RFC 9110 §13.1.1: a weak tag never matches).
 * @throws BadRequest for a list of tags, which names no one state.
 */
export function versionInIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  if (header.includes(',')) throw new BadRequest('If-Match takes one entity tag');
  const match = VERSION_TAG.exec(header.trim());
  return match ? Number(match[1]) : NEVER;
}

/**
 * A refusal that tells a tag which never matches from one of an earlier version. Only once the service has refused: a
 * foreign resource stays missing, whatever the tag (RFC 9110 §13.2.1).
 */
export function withReasonOfIfMatch(error: AppError, header: string | undefined): AppError {
  if (!(error instanceof PreconditionFailed) || header === undefined || VERSION_TAG.test(header.trim())) return error;
  return new UnusableIfMatch(WEAK_TAG.test(header.trim()) ? 'weak' : 'foreign', error.details);
}

const readIfMatch = createParamDecorator((_data: unknown, context: ExecutionContext): number | undefined =>
  versionInIfMatch(context.switchToHttp().getRequest<HttpRequest>().headers['if-match']),
);

/** Metadata key on handlers that take {@link IfMatch}: the OpenAPI document shows the header and 412. */
export const TAKES_IF_MATCH = 'omnistack:IfMatch';

/** Parameter decorator: the version the caller believes to be current, `number | undefined`. */
export function IfMatch(): ParameterDecorator {
  return (target, property, index) => {
    if (property !== undefined) {
      // The prototype of a controller, where the property that is decorated is a method.
      const handler = (target as Record<string | symbol, object>)[property];
      if (handler) Reflect.defineMetadata(TAKES_IF_MATCH, true, handler);
    }
    readIfMatch()(target, property, index);
  };
}

import { HttpException } from '@nestjs/common';
import {
  databaseErrorCode,
  databaseUnavailable,
  isForeignKeyViolation,
  isTransient,
  isUniqueViolation,
} from '@platform/database';
import {
  AccessDenied,
  AppError,
  AuthenticationFailed,
  BadRequest,
  Conflict,
  NotFound,
  ServiceUnavailable,
} from '@platform/kernel';
import { InternalError, PayloadTooLarge, UnsupportedMediaType } from './http-errors';

/** 22P02 a text that is no uuid or number, 22021 a byte that is no UTF-8, 22P05 an escape without a character, 22003 a number out of range. */
const UNACCEPTABLE_VALUE = /^(22P02|22021|22P05|22003|22007|22008)$/;

/**
 * What an error means to the caller: an AppError as it is, what frameworks and databases raise in our words,
 * everything else {@link InternalError}.
 */
export function appErrorOf(error: unknown, requestId: string, path: string): AppError {
  if (error instanceof AppError) return error;
  const known = fromDatabase(error) ?? fromStatus(error, path) ?? (error instanceof URIError ? malformedPath() : null);
  return known ?? new InternalError(requestId, error);
}

function fromDatabase(error: unknown): AppError | null {
  // A service names its own conflicts; these are the ones that nobody foresaw.
  if (isUniqueViolation(error)) return new Conflict('Such a record exists already', 'Record', error);
  if (isForeignKeyViolation(error)) {
    return new Conflict('A record that this one refers to does not exist, or is still referred to', 'Record', error);
  }
  if (UNACCEPTABLE_VALUE.test(databaseErrorCode(error))) return new BadRequest('A value cannot be stored as it is');
  return isTransient(error) ? databaseUnavailable(error) : null;
}

/** Nest's HttpException and the `http-errors` shape of Express and its middleware. */
function fromStatus(error: unknown, path: string): AppError | null {
  const status = statusOf(error);
  if (status === null) return null;
  switch (status) {
    case 400:
      return new BadRequest('The request is malformed');
    case 401:
      return new AuthenticationFailed();
    case 403:
      return new AccessDenied('Access denied');
    case 404:
      return new NotFound('Route', path);
    case 413:
      return new PayloadTooLarge(limitOf(error));
    case 415:
      return new UnsupportedMediaType('The request body is not in a form that this route reads');
    case 503:
      return new ServiceUnavailable(undefined, undefined, error);
    default:
      return status < 500 ? new AppError('The request cannot be served', { status, code: 'REQUEST_REFUSED' }) : null;
  }
}

function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (!(error instanceof Error)) return null;
  const { status, statusCode } = error as Error & { status?: unknown; statusCode?: unknown };
  // Both at once is the shape of http-errors; an SDK's error with a `status` is our failure, not the caller's.
  return typeof status === 'number' && status === statusCode && status >= 400 ? status : null;
}

function limitOf(error: unknown): number {
  const { limit } = error as { limit?: unknown };
  return typeof limit === 'number' ? limit : 0;
}

function malformedPath(): AppError {
  return new BadRequest('The path is not validly percent-encoded');
}

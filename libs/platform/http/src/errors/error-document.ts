import { type AppError } from '@platform/kernel';
import { STATUS_CODES } from 'node:http';

/** The error envelope of every version (01 §2, D7). */
export interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details: Record<string, unknown>;
    readonly request_id: string;
  };
}

/** The media type of {@link ProblemDocument}. */
export const PROBLEM_TYPE = 'application/problem+json';

/** The same appError as RFC 9457 §3 tells it; `code`, `request_id` and `details` are extension members (§3.2). */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly request_id: string;
  readonly details: Record<string, unknown>;
}

/** `error` as the envelope. */
export function errorDocument(error: AppError, requestId: string): ErrorDocument {
  return { error: { code: error.code, message: error.message, details: error.details, request_id: requestId } };
}

/** `error` as a problem; `path` is the request's, without its query, which may hold a secret. */
export function problemDocument(error: AppError, requestId: string, path: string): ProblemDocument {
  return {
    // RFC 9457 §4.2.1: about:blank means that the status says all; the finer word is `code`.
    type: 'about:blank',
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    instance: path,
    code: error.code,
    request_id: requestId,
    details: error.details,
  };
}

/** Whether the caller asks for {@link PROBLEM_TYPE}. */
export function wantsProblem(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes('problem+json')) return false;
  return accept.split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === PROBLEM_TYPE && !parameters.some((parameter) => /^q=0(\.0+)?$/.test(parameter));
  });
}

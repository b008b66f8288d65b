/** What an {@link AppError} tells the caller besides its message. */
export interface AppErrorOptions {
  /** HTTP status, 400–599. */
  status: number;
  /** Upper-case code, stable across releases: clients switch on it. */
  code: string;
  /** Facts for the client; never internals. */
  details?: Record<string, unknown>;
  /** Extra response headers, such as `Retry-After` or `WWW-Authenticate`. */
  headers?: Record<string, string>;
  cause?: unknown;
}

/** A problem that the caller may know about. Everything that is not an AppError answers 500 without details. */
export class AppError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Record<string, unknown>;
  readonly headers: Record<string, string>;

  constructor(message: string, options: AppErrorOptions) {
    super(message, { cause: options.cause });
    this.name = new.target.name;
    this.status = options.status;
    this.code = options.code;
    this.details = options.details ?? {};
    this.headers = options.headers ?? {};
  }
}

/** 400: well-formed, but not possible in the present state. */
export class BadRequest extends AppError {
  constructor(message: string, details?: Record<string, unknown>) {
    super(message, { status: 400, code: 'BAD_REQUEST', details });
  }
}

/** 401 with the `WWW-Authenticate` challenge of RFC 6750 §3. */
export class AuthenticationFailed extends AppError {
  constructor(message = 'Authentication required', challenge = 'Bearer') {
    super(message, { status: 401, code: 'AUTHENTICATION_ERROR', headers: { 'WWW-Authenticate': challenge } });
  }
}

/**
 * 401 of RFC 9470 §3: the credentials hold and are not enough. `challenge` names what would be: `acr_values="mfa"` a
 * second factor, `max_age=900` a proof of at most so many seconds ago.
 */
export class InsufficientAuthentication extends AppError {
  constructor(message: string, challenge: string, details?: Record<string, unknown>) {
    super(message, {
      status: 401,
      code: 'INSUFFICIENT_AUTHENTICATION',
      details,
      headers: { 'WWW-Authenticate': `Bearer error="insufficient_user_authentication", ${challenge}` },
    });
  }
}

/** 403: the caller is known and may not. */
export class AccessDenied extends AppError {
  constructor(message: string, details?: Record<string, unknown>) {
    super(message, { status: 403, code: 'AUTHORIZATION_ERROR', details });
  }
}

/** 404: missing, deleted or somebody else's; the caller cannot tell which. */
export class NotFound extends AppError {
  constructor(resource: string, id: string) {
    super(`${resource} not found`, { status: 404, code: 'NOT_FOUND', details: { resource, id } });
  }
}

/** 409: the request contradicts what is stored. */
export class Conflict extends AppError {
  constructor(message: string, resource: string, cause?: unknown) {
    super(message, { status: 409, code: 'CONFLICT', details: { resource }, cause });
  }
}

/** 409: a row with the values of these columns exists. */
export class AlreadyExists extends AppError {
  constructor(resource: string, columns: readonly string[], cause?: unknown) {
    const same = columns.length > 0 ? ` with this ${columns.join(' and ')}` : '';
    super(`${resource}${same} exists already`, {
      status: 409,
      code: 'CONFLICT',
      details: { resource, ...(columns.length > 0 && { fields: columns }) },
      cause,
    });
  }
}

/** 409: other rows refer to it. */
export class InUse extends AppError {
  constructor(resource: string, cause?: unknown) {
    super(`${resource} is in use; remove what refers to it first`, {
      status: 409,
      code: 'CONFLICT',
      details: { resource },
      cause,
    });
  }
}

/** 412: the `If-Match` of the request is not the current version (RFC 9110 §13.1.1). */
export class PreconditionFailed extends AppError {
  constructor(resource: string, id: string) {
    super(`${resource} was changed by somebody else; read it again and repeat the change`, {
      status: 412,
      code: 'PRECONDITION_FAILED',
      details: { resource, id, reason: 'stale' },
    });
  }
}

/** One wrong field of a request. */
export interface FieldError {
  field: string;
  message: string;
  type: string;
}

/** Fields that a message names; `details` has them all. */
const FIELDS_IN_MESSAGE = 5;

/** 422: the request is understood and its content is not acceptable. */
export class ValidationFailed extends AppError {
  constructor(errors: readonly FieldError[], cause?: unknown) {
    const fields = [...new Set(errors.map(({ field }) => field))];
    const [first] = errors;
    const one = fields.length === 1 && first ? first : undefined;
    const more = fields.length > FIELDS_IN_MESSAGE ? ', …' : '';
    super(
      one
        ? named(one)
        : `${fields.length} fields are not valid: ${fields.slice(0, FIELDS_IN_MESSAGE).join(', ')}${more}`,
      {
        status: 422,
        code: 'VALIDATION_ERROR',
        details: one ? { field: one.field, errors } : { errors },
        cause,
      },
    );
  }
}

/** Rules speak of "a string" or of the field: whoever reads one sentence needs its name. */
function named({ field, message }: FieldError): string {
  return message.includes(field) ? message : `${field}: ${message}`;
}

/** 422: a column refers to a row that is not there, or was deleted meanwhile. */
export class ReferenceNotFound extends ValidationFailed {
  constructor(resource: string, columns: readonly string[], cause?: unknown) {
    const names = columns.length > 0 ? columns : ['id'];
    super(
      names.map((field) => ({ field, message: `${field} of ${resource} refers to nothing`, type: 'reference' })),
      cause,
    );
  }
}

/** 503 with `Retry-After` (seconds): a dependency is away or the process is draining. */
export class ServiceUnavailable extends AppError {
  constructor(message = 'The service is temporarily unavailable', retryAfterSeconds = 1, cause?: unknown) {
    super(message, {
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
      headers: { 'Retry-After': String(retryAfterSeconds) },
      cause,
    });
  }
}

/** Thrown by a job handler when trying again cannot help: the job goes to the dead letters at once. */
export class PermanentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The process must not start: names the culprit, the place and the fix. `main` prints it without a stack. */
export class BootRefused extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The process does not start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'BootRefused';
  }
}

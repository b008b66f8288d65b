import { ServiceUnavailable } from '@platform/kernel';

interface DriverError {
  code?: unknown;
  message?: unknown;
  driverError?: unknown;
  cause?: unknown;
}

/** SQLSTATE or SQLite code of a database error, wherever TypeORM or a driver put it; empty when there is none. */
export function databaseErrorCode(error: unknown): string {
  const seen = error as DriverError | null;
  if (typeof seen !== 'object' || seen === null) return '';
  const inner = seen.driverError as DriverError | undefined;
  const code = inner?.code ?? seen.code;
  return typeof code === 'string' ? code : '';
}

/** A unique constraint refused the write: 23505, SQLITE_CONSTRAINT_UNIQUE or _PRIMARYKEY. */
export function isUniqueViolation(error: unknown): boolean {
  const code = databaseErrorCode(error);
  return code === '23505' || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

/** A foreign key refused the write: 23503, 23001 (RESTRICT), SQLITE_CONSTRAINT_FOREIGNKEY or, for RESTRICT, _TRIGGER. */
export function isForeignKeyViolation(error: unknown): boolean {
  const code = databaseErrorCode(error);
  if (code === 'SQLITE_CONSTRAINT_TRIGGER') return String((error as DriverError).message).startsWith('FOREIGN KEY');
  return code === '23503' || code === '23001' || code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
}

/** The same transaction may succeed if it is run again: serialization failure, deadlock, busy file. */
export function isRetryable(error: unknown): boolean {
  const code = databaseErrorCode(error);
  return code === '40001' || code === '40P01' || code.startsWith('SQLITE_BUSY');
}

/** Away, full, out of connections, closed to us or to writes: nothing that a caller could put right. */
const UNAVAILABLE_CODES =
  /^(08...|28...|3D000|25006|53...|57P0.|57014|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|SQLITE_(BUSY|LOCKED|READONLY|FULL|IOERR|CANTOPEN).*)$/;
const CONNECTION_TEXTS =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|query runner already released|Client has encountered a connection error|server closed the connection|database connection is not open|DataSource is not set|waited \d+ ms for the embedded database/i;

/** The database is away, restarting, frozen, full or closed to us: the caller may come back. */
export function isTransient(error: unknown): boolean {
  if (isRetryable(error) || UNAVAILABLE_CODES.test(databaseErrorCode(error))) return true;
  const seen = error as DriverError | null;
  if (typeof seen !== 'object' || seen === null) return false;
  return (
    CONNECTION_TEXTS.test(String(seen.message ?? '')) ||
    (seen.driverError !== undefined && isTransient(seen.driverError))
  );
}

/** 503 with `Retry-After: 1` for a transient database error; the cause stays in the log. */
export function databaseUnavailable(error: unknown): ServiceUnavailable {
  return new ServiceUnavailable('The database is temporarily unavailable', 1, error);
}

import { AlreadyExists, InUse, ReferenceNotFound } from '@platform/kernel';
import { isForeignKeyViolation, isUniqueViolation } from '../errors';
import { type EntityTable } from './entity-table';

interface DriverMessage {
  readonly detail?: unknown;
  readonly message?: unknown;
  readonly driverError?: DriverMessage;
}

/** What a refused write of an entity says to the caller; any other error as it is. */
export function violationOf<E extends object>(error: unknown, table: EntityTable<E>, resource: string): unknown {
  if (isUniqueViolation(error)) return new AlreadyExists(resource, namedColumns(error, table), error);
  if (!isForeignKeyViolation(error)) return error;
  // SQLite does not say which one: those that the entity has are named.
  const own = table.metadata.foreignKeys.flatMap(({ columnNames }) => columnNames);
  const named = namedColumns(error, table);
  return new ReferenceNotFound(resource, named.length > 0 ? named : own, error);
}

/** What a refused deletion says: others refer to the row. */
export function deletionViolationOf(error: unknown, resource: string): unknown {
  return isForeignKeyViolation(error) ? new InUse(resource, error) : error;
}

/** PostgreSQL: `Key (owner_id, name)=(…) already exists.`; SQLite: `UNIQUE constraint failed: t.owner_id, t.name`. */
function namedColumns<E extends object>(error: unknown, table: EntityTable<E>): string[] {
  const seen = error as DriverMessage;
  const said = `${String(seen.detail ?? seen.driverError?.detail ?? '')} ${String(seen.message ?? '')}`;
  const list = /Key \(([^)]*)\)=/.exec(said)?.[1] ?? /constraint failed: (.*)$/.exec(said)?.[1] ?? '';
  const names = list.split(',').map((name) => name.trim().replace(/^.*\./, ''));
  return names.filter((name) => table.columns.some((column) => column.name === name));
}

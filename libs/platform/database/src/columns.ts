import { Check, Column, type ColumnOptions, Index, PrimaryColumn } from 'typeorm';
import { enumCheckName, snakeCase } from './naming';

/** What every column helper takes. */
export interface ColumnSettings<T> {
  nullable?: boolean;
  /** Value of the database for rows that do not give one. */
  default?: T;
  /** Adds a unique index. */
  unique?: boolean;
  /** False: `save` leaves it alone, because statements of its own count or conclude in it. */
  update?: boolean;
}

/** Only on a property of this type: what the column returns is what the entity says. */
type ColumnOf<T> = <K extends string>(target: { [P in K]?: T | null }, property: K) => void;

function column<T>(options: ColumnOptions, settings: ColumnSettings<T> = {}): PropertyDecorator {
  return (target, property) => {
    const { unique, ...rest } = settings;
    Column({ ...options, ...rest })(target, property);
    if (unique) Index({ unique: true })(target, property);
  };
}

/** Primary key: a UUID that the application makes. */
export function IdColumn(): PropertyDecorator {
  return PrimaryColumn({ type: 'uuid' });
}

/** Id of a row elsewhere: a UUID. */
export function ReferenceColumn(settings?: ColumnSettings<string>): PropertyDecorator {
  return column({ type: 'uuid' }, settings);
}

/** Text; with `length` a varchar of that many characters, else unbounded. */
export function TextColumn(settings: ColumnSettings<string> & { length?: number } = {}): PropertyDecorator {
  const { length, ...rest } = settings;
  return column(length ? { type: 'varchar', length } : { type: 'text' }, rest);
}

/** 32-bit integer. */
export function IntColumn(settings?: ColumnSettings<number>): PropertyDecorator {
  return column({ type: 'integer' }, settings);
}

const DIGITS = {
  to: (value: unknown) => value,
  from: (value: unknown) => (typeof value === 'number' ? String(value) : value),
};

const SAFE_INTEGER = {
  to: (value: unknown) => value,
  from: (value: unknown) => (typeof value === 'string' ? Number(value) : value),
};

/** 64-bit integer read as a number: keep to ±(2^53−1). */
export function BigIntColumn(settings?: ColumnSettings<number>): ColumnOf<number> {
  return column({ type: 'bigint', transformer: SAFE_INTEGER }, settings);
}

/**
 * 64-bit integer of its whole range, read as a text of digits. SQLite's driver rounds beyond 2^53, so a statement of one's
 * own selects `CAST(<column> AS TEXT)`, as derived ones do.
 */
export function BigIntTextColumn(settings?: ColumnSettings<number>): ColumnOf<string> {
  return column({ type: 'bigint', transformer: DIGITS }, settings);
}

/** Whether it is a {@link BigIntTextColumn}. */
export function isDigits({ transformer }: { readonly transformer?: unknown }): boolean {
  return transformer === DIGITS;
}

/** Boolean. */
export function BoolColumn(settings?: ColumnSettings<boolean>): PropertyDecorator {
  return column({ type: 'boolean' }, settings);
}

/** Instant in UTC with milliseconds: timestamptz, or ISO 8601 text on SQLite; a Date in code. */
export function TimeColumn(settings?: ColumnSettings<never>): PropertyDecorator {
  return column({ type: 'timestamptz' }, settings);
}

/** JSON: jsonb, or JSON text on SQLite. */
export function JsonColumn(settings?: ColumnSettings<never>): PropertyDecorator {
  return column({ type: 'jsonb' }, settings);
}

/** One of a fixed list of lower-case words, held by a CHECK. */
export function EnumColumn(values: readonly string[], settings?: ColumnSettings<string>): PropertyDecorator {
  return (target, property) => {
    const name = snakeCase(String(property));
    column({ type: 'varchar', length: 32 }, settings)(target, property);
    Check(enumCheckName(name), enumExpression(name, values))(target.constructor);
  };
}

/** Counts changes of a row, from 1: optimistic concurrency by conditional UPDATE. */
export function VersionNumberColumn(): PropertyDecorator {
  return column({ type: 'integer' }, { default: 1 });
}

/** The SQL of an enumeration's CHECK. */
export function enumExpression(columnName: string, values: readonly string[]): string {
  return `"${columnName}" IN (${values.map((value) => `'${value}'`).join(', ')})`;
}

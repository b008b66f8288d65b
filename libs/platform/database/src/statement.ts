/** The engines that every statement runs on. */
export type Dialect = 'postgres' | 'sqlite';

/** Values by parameter name. Date, boolean, JSON objects and arrays are bound as the columns store them. */
export type Parameters = Record<string, unknown>;

interface Compiled {
  readonly text: string;
  readonly names: readonly string[];
}

/** SQL written once with `:name` parameters, compiled for each engine on first use. */
export class Statement {
  readonly operation: string;
  readonly table: string;
  /** Whether it changes rows, also from within a WITH. */
  readonly writes: boolean;
  private compiled?: Compiled;

  constructor(
    /** Unique within the process: PostgreSQL keeps the plan under it. */
    readonly name: string,
    private readonly variants: Record<Dialect, string>,
  ) {
    this.operation = operationOf(variants.postgres);
    this.table = tableOf(variants.postgres);
    this.writes = /\b(INSERT|UPDATE|DELETE)\b/i.test(variants.postgres.replace(/FOR\s+(NO\s+KEY\s+)?UPDATE/gi, ''));
  }

  /** The text for SQLite, which binds by name. */
  get sqlite(): string {
    return this.variants.sqlite;
  }

  /** The text for PostgreSQL and its values in order. */
  postgres(parameters: Parameters): { name: string; text: string; values: unknown[] } {
    this.compiled ??= compile(this.variants.postgres);
    const { names, text } = this.compiled;
    const values = new Array<unknown>(names.length);
    for (let index = 0; index < names.length; index++) values[index] = forPostgres(parameters[names[index] as string]);
    return { name: this.name, text, values };
  }
}

/**
 * A prepared statement.
 * @param name unique, `<domain>.<what>`
 * @param sql portable SQL with `:name` parameters, or one text for each engine
 */
export function statement(name: string, sql: string | Record<Dialect, string>): Statement {
  return new Statement(name, typeof sql === 'string' ? { postgres: sql, sqlite: sql } : sql);
}

/** Values as SQLite binds them. Dates are ISO 8601, booleans 0 and 1, objects JSON. */
export function forSqlite(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object' && !Buffer.isBuffer(value)) return JSON.stringify(value);
  return value;
}

function forPostgres(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value !== 'object' || value === null || value instanceof Date || Buffer.isBuffer(value)) return value;
  return JSON.stringify(value);
}

function compile(sql: string): Compiled {
  const names: string[] = [];
  // A parameter follows no colon (`::jsonb` is a cast) and no word character.
  const text = sql.replace(/(?<![:\w]):([a-zA-Z]\w*)/g, (_match, name: string) => {
    const known = names.indexOf(name);
    return `$${known === -1 ? names.push(name) : known + 1}`;
  });
  return { names, text };
}

/** SELECT, INSERT, UPDATE or DELETE; what a metric label may carry. */
export function operationOf(sql: string): string {
  const word = /\b(SELECT|INSERT|UPDATE|DELETE)\b/i.exec(sql)?.[1]?.toUpperCase();
  return word ?? 'OTHER';
}

/** The first table that a statement names. */
export function tableOf(sql: string): string {
  return /\b(?:FROM|INTO|UPDATE)\s+"?([a-z_][a-z0-9_]*)"?/i.exec(sql)?.[1] ?? 'none';
}

/** A time column of a raw row as a Date: PostgreSQL gives one, SQLite its text. */
export function toDate(value: Date | string): Date {
  return value instanceof Date ? value : new Date(value);
}

/** A JSON column of a raw row: PostgreSQL gives the value, SQLite its text. */
export function fromJson<T>(value: unknown): T {
  return (typeof value === 'string' ? JSON.parse(value) : value) as T;
}

import { PARAMETER } from './rows/parameters';

/** The engines that every statement runs on. */
export type Dialect = 'postgres' | 'sqlite';

/** Values by parameter name. Date, boolean, JSON objects and arrays are bound as the columns store them. */
export type Parameters = Record<string, unknown>;

/** A text for each engine; what is never asked of SQLite has none for it. */
export interface StatementText {
  readonly postgres: string;
  readonly sqlite?: string;
}

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
    private readonly variants: StatementText,
  ) {
    this.operation = operationOf(variants.postgres);
    this.table = tableOf(variants.postgres);
    this.writes = /\b(INSERT|UPDATE|DELETE)\b/i.test(variants.postgres.replace(/FOR\s+(NO\s+KEY\s+)?UPDATE/gi, ''));
  }

  /** Names of its parameters, in the order of {@link compiledText}. */
  get parameters(): readonly string[] {
    return this.compiledText.names;
  }

  /** The text for PostgreSQL, which binds by position. */
  get compiledText(): Compiled {
    return (this.compiled ??= compile(this.variants.postgres));
  }

  /** Whether another one says the same. */
  isSame(other: Statement): boolean {
    return this.variants.postgres === other.variants.postgres && this.variants.sqlite === other.variants.sqlite;
  }

  /** The text for SQLite, which binds by name. @throws Error when it is written for PostgreSQL alone */
  get sqlite(): string {
    if (this.variants.sqlite === undefined) throw new Error(`${this.name} is written for PostgreSQL alone`);
    return this.variants.sqlite;
  }

  /** Whether it runs on the engine. */
  runsOn(dialect: Dialect): boolean {
    return this.variants[dialect] !== undefined;
  }

  /** The text for PostgreSQL and its values in order. */
  postgres(parameters: Parameters): { name: string; text: string; values: unknown[] } {
    const { names, text } = this.compiledText;
    const values = new Array<unknown>(names.length);
    for (let index = 0; index < names.length; index++) values[index] = forPostgres(parameters[names[index] as string]);
    return { name: this.name, text, values };
  }
}

/**
 * A prepared statement.
 * @param name unique, `<domain>.<what>`
 * @param sql portable SQL with `:name` parameters, or one text for each engine, or for PostgreSQL alone
 * @throws Error when another text has the name
 */
export function statement(name: string, sql: string | StatementText): Statement {
  const made = new Statement(name, typeof sql === 'string' ? { postgres: sql, sqlite: sql } : sql);
  const known = ALL.get(name);
  if (known && !known.isSame(made)) {
    throw new Error(`Two statements are named '${name}', and PostgreSQL keeps one plan under a name: rename one`);
  }
  ALL.set(name, made);
  return made;
}

const ALL = new Map<string, Statement>();

/** Every statement that this process has made. */
export function allStatements(): readonly Statement[] {
  return [...ALL.values()];
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
  const text = sql.replace(PARAMETER, (_match, name: string) => {
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

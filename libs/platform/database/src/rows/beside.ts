/** A value beside an entity, from a join or a sub-select, and how it is read. */
export interface Reader<T> {
  readonly sql: string;
  readonly read: (value: unknown) => T;
}

/** The values that readers give. */
export type Read<Readers> = { readonly [Name in keyof Readers]: Readers[Name] extends Reader<infer T> ? T : never };

/** A text, which may be one of a fixed list: `textOf<OrganizationRole>('m.role')`. */
export function textOf<T extends string | null = string>(sql: string): Reader<T> {
  return { sql, read: (value) => value as T };
}

/** A number; a count is a bigint, which PostgreSQL's driver gives as text. */
export function numberOf(sql: string): Reader<number> {
  return { sql, read: Number };
}

/** An instant: PostgreSQL gives a Date, SQLite its text. */
export function timeOf<T extends Date | null = Date>(sql: string): Reader<T> {
  return { sql, read: (value) => (value === null || value instanceof Date ? value : new Date(String(value))) as T };
}

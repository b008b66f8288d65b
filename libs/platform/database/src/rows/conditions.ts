import { likePattern } from '../like';
import { type Dialect } from '../statement';
import { foldedSql } from '../text-folding';
import { namesIn } from './parameters';

/** Part of a WHERE that differs between the engines, or that changes a value on its way: see {@link contains}. */
export class Condition<Names extends string = string> {
  readonly names: readonly Names[];

  constructor(
    /** The SQL for an engine, whole in itself: it is put in brackets. */
    readonly sql: (dialect: Dialect) => string,
    /** What becomes of the values of its parameters before they are bound. */
    readonly bind: Readonly<Record<string, (value: never) => unknown>> = {},
    /** Columns of the entity that are known to stand in it, whatever is around them. */
    readonly columns: readonly string[] = [],
  ) {
    // The type says what the text says: `conditionOf` and the makers below see to it.
    this.names = namesIn(sql('postgres')) as Names[];
  }
}

/**
 * One of the columns contains the parameter, without regard to case and composition (decision 0047), taken literally.
 * @param columns one name, or several
 * @param parameter name of the part that is looked for
 */
export function contains<Name extends string>(columns: string | readonly string[], parameter: Name): Condition<Name> {
  const all = typeof columns === 'string' ? [columns] : columns;
  const holds = (column: string, dialect: Dialect) =>
    `${foldedSql(column, dialect)} LIKE ${foldedSql(`:${parameter}`, dialect)} ESCAPE '\\'`;
  const bind = { [parameter]: likePattern };
  return new Condition<Name>((dialect) => all.map((column) => holds(column, dialect)).join(' OR '), bind, all);
}

/** The column is one of a list of texts or ids, which travels as JSON: one statement for every length. */
export function among<Name extends string>(
  column: string,
  parameter: Name,
  type: 'text' | 'uuid' = 'text',
): Condition<Name> {
  const sql = (dialect: Dialect) =>
    dialect === 'postgres'
      ? `${column} IN (SELECT CAST(value AS ${type}) FROM jsonb_array_elements_text(CAST(:${parameter} AS jsonb)))`
      : `${column} IN (SELECT value FROM json_each(:${parameter}))`;
  return new Condition<Name>(sql, {}, [column]);
}

/** A condition of SQL, or as it is. */
export function conditionOf(condition: string | Condition): Condition {
  return typeof condition === 'string' ? new Condition(() => condition) : condition;
}

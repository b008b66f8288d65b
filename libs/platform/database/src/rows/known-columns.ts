import { type Condition } from './conditions';
import { type EntityTable } from './entity-table';

/** Names that the statements of a page use themselves. */
const TAKEN = /^(limit|skip|after_\d+)$/;

/**
 * Refuse a condition on a column that the entity lacks. Sub-selects and joins are for `omni db explain`, which asks the database.
 * @throws Error naming the table, the column and the condition
 */
export function mustHaveColumns<E extends object>(table: EntityTable<E>, condition: Condition, join?: string): void {
  const sql = condition.sql('sqlite');
  const taken = condition.names.find((name) => TAKEN.test(name));
  if (taken) throw new Error(`A condition on ${table.name} takes ':${taken}', which pages use: name it otherwise`);
  if (join !== undefined) return;
  const columns = /\bFROM\b/.test(sql) || condition.columns.length > 0 ? condition.columns : columnsIn(sql);
  for (const column of columns) {
    const name = column.startsWith(`${table.name}.`) ? column.slice(table.name.length + 1) : column;
    if (table.columns.every((known) => known.name !== name)) {
      throw new Error(`${table.name} has no column '${name}': correct the condition '${sql}' of its repository`);
    }
  }
}

/** The words in lower case that are no text, parameter, type of a cast or function: SQL's own stand in upper case. */
function columnsIn(sql: string): string[] {
  const plain = sql
    .replace(/'[^']*'/g, '')
    .replace(/:\w+/g, '')
    .replace(/\bAS\s+\w+/g, '');
  return Array.from(plain.matchAll(/(?<![\w.])([a-z_][\w.]*)(\s*\()?/g), ([, name = '', call]) =>
    call ? '' : name,
  ).filter((name) => name !== '');
}

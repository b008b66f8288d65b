import { BootRefused } from '@platform/kernel';
import { type DataSource } from 'typeorm';
import { type Dialect } from './statement';

/** Unicode's own rules, whatever the locale of the database: every PostgreSQL that is built with ICU has it. */
const UNICODE = '"und-x-icu"';

/**
 * A text as searches and orders compare it (decision 0047): without regard to case and composition. Upper case, because it
 * does not depend on what stands beside a letter, as the lower case of Σ does: a part of a text folds to a part of its fold.
 */
export function foldText(text: string): string {
  return text.toUpperCase().normalize('NFC');
}

/**
 * SQL of {@link foldText}, of a column or a `:parameter`: the same on every locale, in the order of code points, and good
 * for an index on an expression. A parameter is folded once, not for each row.
 */
export function foldedSql(expression: string, dialect: Dialect): string {
  if (expression.startsWith(':')) return `(SELECT ${folded(`CAST(${expression} AS text)`, dialect)})`;
  return folded(expression, dialect);
}

/** A statement for both engines, whose texts differ in how they fold. */
export function withFolding(write: (fold: (expression: string) => string) => string): Record<Dialect, string> {
  return {
    postgres: write((expression) => foldedSql(expression, 'postgres')),
    sqlite: write((expression) => foldedSql(expression, 'sqlite')),
  };
}

function folded(text: string, dialect: Dialect): string {
  if (dialect === 'sqlite') return `folded(${text})`;
  // ASCII alone, which most rows are, is composed already, and quick to fold.
  return (
    `(CASE WHEN octet_length(${text}) = char_length(${text}) THEN upper(${text} COLLATE "C") COLLATE ${UNICODE} ` +
    `ELSE normalize(upper(${text} COLLATE ${UNICODE}), NFC) END) COLLATE "C"`
  );
}

/**
 * Refuse a PostgreSQL database that cannot fold text.
 * @throws BootRefused when it is not in UTF-8, or its server is built without ICU
 */
export async function mustFoldText(dataSource: DataSource): Promise<void> {
  if (dataSource.options.type !== 'postgres') return;
  const [found] = await dataSource.query<{ name: string; encoding: string; unicode: boolean }[]>(
    `SELECT current_database() AS name, pg_encoding_to_char(encoding) AS encoding,
       EXISTS (SELECT 1 FROM pg_collation WHERE collname = ${UNICODE.replaceAll('"', "'")}) AS unicode
     FROM pg_database WHERE datname = current_database()`,
  );
  if (found?.encoding !== 'UTF8') {
    throw new BootRefused([
      `The database "${found?.name}" (DATABASE_URL) keeps text as ${found?.encoding}, which holds not every name: make one ` +
        `with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, in any locale`,
    ]);
  }
  if (found.unicode) return;
  throw new BootRefused([
    `The server of the database "${found.name}" (DATABASE_URL) is built without ICU, so searches cannot fold text: use a ` +
      'PostgreSQL that has the collation und-x-icu, as the packages of every distribution do',
  ]);
}

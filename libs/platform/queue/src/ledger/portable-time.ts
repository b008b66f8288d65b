import { type Dialect, type Statement, statement } from '@platform/database';

const SQLITE_TIME = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now'";

/**
 * A statement that tells the time by the database's clock, so that leases hold between hosts whose clocks differ.
 * `{now}`, `{now + name}` and `{now - name}` (milliseconds in the parameter `:name`), `{skip locked}`.
 */
export function timedStatement(name: string, sql: string | Record<Dialect, string>): Statement {
  const texts = typeof sql === 'string' ? { postgres: sql, sqlite: sql } : sql;
  return statement(name, { postgres: expand(texts.postgres, 'postgres'), sqlite: expand(texts.sqlite, 'sqlite') });
}

function expand(sql: string, dialect: Dialect): string {
  return sql
    .replaceAll('{skip locked}', dialect === 'postgres' ? 'FOR UPDATE SKIP LOCKED' : '')
    .replace(/\{now(?: ([+-]) (\w+))?\}/g, (_match, sign: string | undefined, parameter: string | undefined) =>
      dialect === 'postgres' ? onPostgres(sign, parameter) : onSqlite(sign, parameter),
    );
}

// Columns hold milliseconds: rounding up would put "now" into the future and hide the row from the next look.
function onPostgres(sign: string | undefined, parameter: string | undefined): string {
  const now = "date_trunc('milliseconds', statement_timestamp())";
  return parameter ? `(${now} ${sign ?? '+'} :${parameter} * interval '1 millisecond')` : now;
}

function onSqlite(sign: string | undefined, parameter: string | undefined): string {
  return parameter ? `${SQLITE_TIME}, '${sign ?? '+'}' || (:${parameter} / 1000.0) || ' seconds')` : `${SQLITE_TIME})`;
}

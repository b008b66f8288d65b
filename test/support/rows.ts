import { eventually } from './app-process';
import { type Stack } from './modes';

/** Tables that say what was asked and what is still to do, not what people own. */
const NOT_OWNED = [
  /^audit/,
  /^outbox/,
  /^jobs?$/,
  /^job_/,
  /^bull/,
  /migrations?$/,
  /^idempotency_keys$/,
  /^schedule/,
  /^mailbox/,
];

/** Columns that a request moves without changing anything for anybody: what was used last, and how often. */
const NOT_A_CHANGE = new Set(['last_login_at', 'login_count', 'last_used_at', 'last_seen_at', 'used_count']);

/** Every row of every table of people and of what they own, as text; sorted. */
export type Rows = readonly string[];

const statements = new WeakMap<Stack, Promise<string>>();

/**
 * All rows, once no job is under way: taken before and after a request, they show whether it changed anything at all,
 * at once or by a job.
 */
export async function rowsOf(stack: Stack): Promise<Rows> {
  await eventually('no job is under way', () => isQuiet(stack), 20_000);
  let statement = statements.get(stack);
  if (!statement) statements.set(stack, (statement = statementFor(stack)));
  const rows = await stack.sql<{ place: string; content: string }>(await statement);
  return rows.map(({ content, place }) => `${place} ${content}`).sort();
}

/** What a request changed, row by row; empty when nothing. */
export function differenceOf(before: Rows, after: Rows): string[] {
  const was = new Set(before);
  const is = new Set(after);
  return [
    ...before.filter((row) => !is.has(row)).map((row) => `the row is gone or changed: ${row}`),
    ...after.filter((row) => !was.has(row)).map((row) => `the row is new or changed: ${row}`),
  ];
}

async function isQuiet(stack: Stack): Promise<boolean> {
  const due = await stack.sql(
    `SELECT id FROM jobs WHERE state IN ('pending', 'dispatched', 'running') AND run_at <= ? LIMIT 1`,
    new Date().toISOString(),
  );
  return due.length === 0;
}

async function statementFor(stack: Stack): Promise<string> {
  const isSqlite = stack.mode === 'embedded';
  const columns = await stack.sql<Column>(isSqlite ? SQLITE_COLUMNS : POSTGRES_COLUMNS);
  const byTable = Map.groupBy(
    columns.filter(({ field, place }) => !NOT_A_CHANGE.has(field) && !NOT_OWNED.some((name) => name.test(place))),
    ({ place }) => place,
  );
  if (!byTable.has('users')) throw new Error(`No table of people among ${[...byTable.keys()].join(', ')}`);
  return [...byTable].map(([place, found]) => (isSqlite ? onSqlite : onPostgres)(place, found)).join(' UNION ALL ');
}

interface Column {
  place: string;
  field: string;
}

function onSqlite(place: string, columns: readonly Column[]): string {
  // JSON holds no bytes, their literal it does.
  const pairs = columns.map(({ field }) => `'${field}', quote("${field}")`).join(', ');
  return `SELECT '${place}' AS place, json_object(${pairs}) AS content FROM "${place}"`;
}

function onPostgres(place: string, columns: readonly Column[]): string {
  const fields = columns.map(({ field }) => `"${field}"`).join(', ');
  return `SELECT '${place}' AS place, to_jsonb(found)::text AS content FROM (SELECT ${fields} FROM "${place}") found`;
}

const POSTGRES_COLUMNS = `
  SELECT c.table_name AS place, c.column_name AS field
  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
  WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' ORDER BY 1, c.ordinal_position`;

const SQLITE_COLUMNS = `
  SELECT m.name AS place, c.name AS field FROM sqlite_master m JOIN pragma_table_info(m.name) c
  WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, c.cid`;

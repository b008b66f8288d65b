import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';

/**
 * Run a change of the schema in one transaction. SQLite makes a changed table anew and drops the old one, which deletes
 * or forbids the rows that refer to it: keys rest meanwhile, and must hold again when it commits
 * (sqlite.org/lang_altertable.html, "Making Other Kinds Of Table Schema Changes").
 * @throws Error when rows refer to nothing that did not before; all is as it was then
 */
export async function changeSchema<T>(
  dataSource: DataSource,
  change: (executor: MigrationExecutor) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const before = await danglingRows(runner);
  // Keys can be told to rest outside of a transaction only; TypeORM does so within, when it takes a migration back.
  await runner.beforeMigration();
  try {
    return await inTransaction(runner, async () => {
      const result = await change(executorOf(dataSource, runner));
      const after = await danglingRows(runner);
      if (after > before) throw new Error(`The migration leaves ${after - before} rows that refer to nothing: mend it`);
      return result;
    });
  } finally {
    await runner.afterMigration();
    await runner.release();
  }
}

/** The names of the migrations that were applied, newest first. */
export async function executedMigrations(dataSource: DataSource): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  try {
    // Asking makes TypeORM create the table; whoever may only read may ask, too.
    if (!(await runner.hasTable(String(dataSource.options.migrationsTableName)))) return [];
    const migrations = await executorOf(dataSource, runner).getExecutedMigrations();
    return migrations.sort((left, right) => (right.id ?? 0) - (left.id ?? 0)).map((migration) => migration.name);
  } finally {
    await runner.release();
  }
}

function executorOf(dataSource: DataSource, runner: QueryRunner): MigrationExecutor {
  return Object.assign(new MigrationExecutor(dataSource, runner), { transaction: 'all' as const });
}

async function inTransaction<T>(runner: QueryRunner, work: () => Promise<T>): Promise<T> {
  await runner.startTransaction();
  try {
    const result = await work();
    await runner.commitTransaction();
    return result;
  } catch (error) {
    // The rollback's own failure must not hide why it was needed.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  }
}

/** Rows whose foreign key refers to nothing; PostgreSQL has none. */
async function danglingRows(runner: QueryRunner): Promise<number> {
  if (runner.dataSource.options.type === 'postgres') return 0;
  const rows = (await runner.query('PRAGMA foreign_key_check')) as unknown[];
  return rows.length;
}

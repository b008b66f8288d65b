import {
  QueryFailedError,
  QueryResult,
  QueryRunnerAlreadyReleasedError,
  type Table,
  TransactionNotStartedError,
} from 'typeorm';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner';
import { forSqlite } from '../statement';
import { type SerializedConnection } from './serialized-connection';

/** Longest wait for the turn to begin a transaction, milliseconds. */
const WAIT_MS = 5_000;

/** One caller's way to the connection: holds the turn from BEGIN IMMEDIATE to COMMIT or ROLLBACK. */
export class SerializedSqliteQueryRunner extends BetterSqlite3QueryRunner {
  private holdsTurn = false;

  constructor(private readonly serialized: SerializedConnection) {
    super(serialized);
  }

  // The signature is TypeORM's.
  // oxlint-disable-next-line typescript/no-explicit-any
  override async query(sql: string, parameters: unknown[] = [], structured = false): Promise<any> {
    if (this.isReleased) throw new QueryRunnerAlreadyReleasedError();
    const work = () => this.perform(sql, parameters, structured);
    return this.holdsTurn ? work() : await this.serialized.alone(work);
  }

  private perform(sql: string, parameters: unknown[], structured: boolean): unknown {
    this.dataSource.logger.logQuery(sql, parameters, this);
    try {
      const prepared = this.serialized.prepare(sql);
      const values = parameters.map(forSqlite);
      const result = new QueryResult();
      if (prepared.reader) {
        result.raw = result.records = prepared.all(...values);
      } else {
        const outcome = prepared.run(...values);
        result.affected = outcome.changes;
        result.raw = outcome.lastInsertRowid;
      }
      return structured ? result : (result.raw as unknown);
    } catch (error) {
      this.dataSource.logger.logQueryError(error as Error, sql, parameters, this);
      throw new QueryFailedError(sql, parameters, error as Error);
    }
  }

  override async startTransaction(): Promise<void> {
    if (this.transactionDepth === 0) {
      await this.serialized.mutex.acquire(WAIT_MS);
      this.holdsTurn = true;
      try {
        await this.serialized.withRetry(() => this.serialized.prepare('BEGIN IMMEDIATE').run());
      } catch (error) {
        this.giveTurn();
        throw error;
      }
    } else {
      await this.query(`SAVEPOINT typeorm_${this.transactionDepth}`);
    }
    this.isTransactionActive = true;
    this.transactionDepth += 1;
  }

  override async commitTransaction(): Promise<void> {
    await this.finish('COMMIT', 'RELEASE SAVEPOINT');
  }

  override async rollbackTransaction(): Promise<void> {
    await this.finish('ROLLBACK', 'ROLLBACK TO SAVEPOINT');
  }

  private async finish(outermost: string, nested: string): Promise<void> {
    if (!this.isTransactionActive) throw new TransactionNotStartedError();
    if (this.transactionDepth > 1) {
      await this.query(`${nested} typeorm_${this.transactionDepth - 1}`);
      this.transactionDepth -= 1;
      return;
    }
    await this.query(outermost);
    this.transactionDepth = 0;
    this.isTransactionActive = false;
    this.giveTurn();
  }

  /** As TypeORM's own, but what it does not know of comes along: triggers, and indexes on expressions. */
  protected override async recreateTable(newTable: Table, oldTable: Table, migrateData?: boolean): Promise<void> {
    for (const table of [newTable, oldTable]) {
      // An expression is a column without a name to it, and breaks the index that it makes anew.
      table.indices = table.indices.filter(({ columnNames }) => columnNames.every(Boolean));
    }
    const known = oldTable.indices.map(({ name }) => name);
    const parts =
      "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql <> '' AND tbl_name = ?";
    const others = ((await this.query(parts, [oldTable.name])) as { name: string; sql: string }[])
      .filter(({ name }) => !known.includes(name))
      .flatMap(({ sql }) => carriedOver(sql, namesOf(oldTable), namesOf(newTable)));
    await super.recreateTable(newTable, oldTable, migrateData);
    for (const sql of others) await this.query(sql);
  }

  private giveTurn(): void {
    if (!this.holdsTurn) return;
    this.holdsTurn = false;
    this.serialized.mutex.release();
  }

  override async release(): Promise<void> {
    if (this.isReleased) return;
    if (this.holdsTurn) {
      this.serialized.prepare('ROLLBACK').run();
      this.giveTurn();
    }
    this.isReleased = true;
  }
}

function namesOf(table: Table): string[] {
  return table.columns.map(({ name }) => name);
}

/** The SQL under the new names of renamed columns; nothing when it is about a column that is gone. */
function carriedOver(sql: string, before: readonly string[], after: readonly string[]): string[] {
  let text = sql;
  for (const [position, name] of before.entries()) {
    const word = new RegExp(`\\b${name}\\b`, 'g');
    if (after.includes(name) || !word.test(text)) continue;
    if (before.length !== after.length) return [];
    text = text.replace(word, after[position] ?? name);
  }
  return [text];
}

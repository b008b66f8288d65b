import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type { PoolClient } from 'pg';
import {
  DataSource,
  type EntityManager,
  type EntityTarget,
  type ObjectLiteral,
  type QueryRunner,
  type Repository,
} from 'typeorm';
import { poolOf, type SessionLimits } from './data-source';
import { databaseErrorCode, isRetryable } from './errors';
import { SerializedSqliteDriver } from './sqlite/serialized-sqlite.driver';
import type { SerializedSqliteQueryRunner } from './sqlite/serialized-sqlite.query-runner';
import { type Dialect, forSqlite, type Parameters, type Statement } from './statement';

/** What happened to one statement; for metrics. */
export interface StatementReport {
  operation: string;
  table: string;
  seconds: number;
  /** SQLSTATE or SQLite code when it failed. */
  errorCode?: string;
}

/** The one transaction of the running work, opened when somebody first asks. */
interface Scope {
  runner?: QueryRunner;
  opening?: Promise<QueryRunner>;
  /** Committed or rolled back: whoever still runs in it was given up, and must not write beside it. */
  ended?: true;
  readonly afterCommit: (() => void | Promise<void>)[];
}

const log = new Logger('database');

/** Attempts of an outermost transaction that loses a race with another one. */
const ATTEMPTS = 3;

/** For this transaction, as its session may be somebody else's before and after. */
const LIMIT = `SELECT set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $2, true)`;

function limitsOf(limits: SessionLimits): number[] {
  return [limits.statement_timeout, limits.idle_in_transaction_session_timeout];
}

/** The way to the tables: one transaction per work, raw prepared statements, TypeORM's repositories. */
export class Database {
  readonly dialect: Dialect;
  private readonly scopes = new AsyncLocalStorage<Scope | undefined>();
  private readonly observers: ((report: StatementReport) => void)[] = [];

  /** @param borrowed limits of a session that a pooler lends by the transaction: each one sets them, and no statement is named */
  constructor(
    readonly dataSource: DataSource,
    private readonly borrowed?: SessionLimits,
  ) {
    this.dialect = dataSource.options.type === 'postgres' ? 'postgres' : 'sqlite';
  }

  /** The running transaction's entity manager, else the pool's. Ask each time, never keep it. */
  get manager(): EntityManager {
    return this.scope()?.runner?.manager ?? this.dataSource.manager;
  }

  /** TypeORM's repository in the running transaction, else on the pool. Ask each time, never keep it. */
  repository<E extends ObjectLiteral>(entity: EntityTarget<E>): Repository<E> {
    return this.manager.getRepository(entity);
  }

  /** Whether a transaction is open in the running work. */
  get inTransaction(): boolean {
    return this.scopes.getStore()?.runner !== undefined;
  }

  /** Rows of a prepared statement, as the driver gives them: snake_case names, see `toDate` and `fromJson`. */
  async query<R = Record<string, unknown>>(statement: Statement, parameters: Parameters = {}): Promise<R[]> {
    return (await this.run(statement, parameters)).rows as R[];
  }

  /** What the embedded database says of a text that it is only asked about: `EXPLAIN QUERY PLAN …`. */
  explain(sql: string, parameters: Parameters): Promise<Record<string, unknown>[]> {
    const driver = this.dataSource.driver as SerializedSqliteDriver;
    return driver.alone(() => driver.prepare(sql).all(parameters) as Record<string, unknown>[]);
  }

  /** Number of rows that an INSERT, UPDATE or DELETE touched. */
  async execute(statement: Statement, parameters: Parameters = {}): Promise<number> {
    return (await this.run(statement, parameters)).affected;
  }

  /**
   * Run `work` in the transaction of the running work, or in one of its own that commits when `work` ends.
   * Of its own, it is repeated up to three times after a serialization failure, a deadlock or a busy file.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    const scope = this.scope();
    if (!scope) return this.outermost(work, true);
    await this.opened(scope);
    return work();
  }

  /**
   * Run `work` so that all its transactions are one, begun by the first and committed when `work` ends. Slow
   * preparation before the first transaction holds no connection. Joins a surrounding unit.
   */
  async unitOfWork<T>(work: () => Promise<T>): Promise<T> {
    return this.scope() ? work() : this.outermost(work, false);
  }

  /** Run `work` apart from the running transaction: what it writes stays when that one rolls back. */
  detached<T>(work: () => Promise<T>): Promise<T> {
    if (this.inTransaction && this.dialect === 'sqlite') {
      throw new Error('detached() inside an open transaction would wait for itself on SQLite: call it before or after');
    }
    return this.scopes.run(undefined, work);
  }

  /** Run `action` once the running transaction has committed; at once when there is none. */
  afterCommit(action: () => void | Promise<void>): void {
    const scope = this.scope();
    if (scope) scope.afterCommit.push(action);
    else void runInTurn([action]);
  }

  /** Hold the named lock until the running transaction ends. */
  async withLock(name: string): Promise<void> {
    const scope = this.scope();
    if (!scope)
      throw new Error(`withLock('${name}') needs a transaction: call it inside transaction() or unitOfWork()`);
    const runner = await this.opened(scope);
    // SQLite's BEGIN IMMEDIATE already lets one writer in.
    if (this.dialect === 'postgres')
      await runner.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  }

  /** Hear of every prepared statement. */
  observe(observer: (report: StatementReport) => void): void {
    this.observers.push(observer);
  }

  /** Connections of the pool by state; SQLite counts its one connection. */
  poolState(): { idle: number; active: number; waiting: number } {
    if (this.dialect === 'sqlite') {
      const waiting = (this.dataSource.driver as SerializedSqliteDriver).mutex.waiting;
      return { idle: waiting > 0 ? 0 : 1, active: waiting > 0 ? 1 : 0, waiting };
    }
    const pool = poolOf(this.dataSource);
    return { idle: pool.idleCount, active: pool.totalCount - pool.idleCount, waiting: pool.waitingCount };
  }

  /** The scope of the running work. @throws Error when it has ended: a job that timed out, a promise nobody awaited. */
  private scope(): Scope | undefined {
    const scope = this.scopes.getStore();
    if (scope?.ended) throw new Error('The unit of work has ended: what runs on after it must not write any more');
    return scope;
  }

  private async outermost<T>(work: () => Promise<T>, atOnce: boolean): Promise<T> {
    const { scope, result } = await this.withRetry(work, atOnce);
    // Outside the scope: what follows a commit must not join the finished transaction, nor have it repeated.
    await this.scopes.run(undefined, () => runInTurn(scope.afterCommit));
    return result;
  }

  private async withRetry<T>(work: () => Promise<T>, atOnce: boolean): Promise<{ scope: Scope; result: T }> {
    for (let attempt = 1; ; attempt++) {
      const scope: Scope = { afterCommit: [] };
      try {
        return { scope, result: await this.scopes.run(scope, () => this.within(scope, work, atOnce)) };
      } catch (error) {
        if (attempt >= ATTEMPTS || !isRetryable(error)) throw error;
      }
    }
  }

  private async within<T>(scope: Scope, work: () => Promise<T>, atOnce: boolean): Promise<T> {
    try {
      if (atOnce) await this.opened(scope);
      const result = await work();
      await scope.runner?.commitTransaction();
      return result;
    } catch (error) {
      // The rollback's own failure must not hide why it was needed; release() frees the connection either way.
      await scope.runner?.rollbackTransaction().catch(() => undefined);
      throw error;
    } finally {
      scope.ended = true;
      // A transaction that was just being begun would otherwise stay open for ever.
      await scope.opening?.catch(() => undefined);
      await scope.runner?.release();
      scope.runner = undefined;
    }
  }

  private opened(scope: Scope): Promise<QueryRunner> {
    scope.opening ??= (async () => {
      const runner = this.dataSource.createQueryRunner();
      try {
        await runner.startTransaction();
      } catch (error) {
        await runner.release();
        throw error;
      }
      scope.runner = runner;
      if (this.borrowed) await runner.query(LIMIT, limitsOf(this.borrowed));
      return runner;
    })();
    return scope.opening;
  }

  private async run(statement: Statement, parameters: Parameters): Promise<{ rows: unknown[]; affected: number }> {
    const scope = this.scope();
    // A write inside a unit of work belongs to its transaction, also when nobody has opened it yet.
    const runner = scope && statement.writes ? await this.opened(scope) : scope?.runner;
    const started = performance.now();
    let errorCode: string | undefined;
    try {
      return this.dialect === 'postgres'
        ? await this.onPostgres(statement, parameters, runner)
        : await this.onSqlite(statement, parameters, runner);
    } catch (error) {
      errorCode = databaseErrorCode(error) || 'unknown';
      throw error;
    } finally {
      this.report(statement, started, errorCode);
    }
  }

  private report(statement: Statement, started: number, errorCode: string | undefined): void {
    if (this.observers.length === 0) return;
    const seconds = (performance.now() - started) / 1000;
    const report = { operation: statement.operation, table: statement.table, seconds, errorCode };
    for (const observer of this.observers) observer(report);
  }

  private async onPostgres(statement: Statement, parameters: Parameters, runner: QueryRunner | undefined) {
    const target = runner ? ((await runner.connect()) as PoolClient) : poolOf(this.dataSource);
    const prepared = statement.postgres(parameters);
    const result = await target.query(this.borrowed ? { ...prepared, name: undefined } : prepared);
    return { rows: result.rows as unknown[], affected: result.rowCount ?? 0 };
  }

  private async onSqlite(statement: Statement, parameters: Parameters, runner: QueryRunner | undefined) {
    const driver = this.dataSource.driver as SerializedSqliteDriver;
    const bound = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, forSqlite(value)]));
    const work = () => {
      const prepared = driver.prepare(statement.sqlite);
      if (!prepared.reader) return { rows: [], affected: prepared.run(bound).changes };
      const rows = prepared.all(bound);
      return { rows, affected: rows.length };
    };
    const holder = runner as SerializedSqliteQueryRunner | undefined;
    return holder?.isTransactionActive ? work() : driver.alone(work);
  }
}

/** What is committed stays: an action that fails is logged, and neither the caller nor the next action suffers. */
async function runInTurn(actions: readonly (() => void | Promise<void>)[]): Promise<void> {
  for (const action of actions) {
    try {
      await action();
    } catch (error) {
      log.error(
        `An action after the commit failed: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
      );
    }
  }
}

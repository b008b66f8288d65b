import { Inject, Injectable } from '@nestjs/common';
import { DECLARATIONS } from '@platform/config';
import { type DomainDeclaration } from '@platform/kernel';
import { Database } from './database';
import { snakeCase } from './naming';
import { EntityStore } from './rows/entity-store';
import { allStatements, type Statement } from './statement';

/** A statement and the domain whose table it is on. */
export interface OwnedStatement {
  readonly domain: string;
  readonly statement: Statement;
}

/** What the database would do for a statement. */
export interface StatementPlan extends OwnedStatement {
  readonly plan: readonly string[];
  /** A list for which no index will do: it reads the whole table. */
  readonly readsAll: boolean;
}

/** Every statement of the process, and the plans of the database for them. */
@Injectable()
export class StatementPlans {
  constructor(
    private readonly database: Database,
    private readonly store: EntityStore,
    @Inject(DECLARATIONS) private readonly declarations: readonly DomainDeclaration[],
  ) {}

  /** Derived and hand-written ones by name. @param domain only those on its tables */
  all(domain?: string): OwnedStatement[] {
    const domains = this.domainsByTable();
    // Asked for first: what is derived is made, and so is among all.
    this.store.statements();
    return allStatements()
      .map((statement) => ({ domain: domains.get(statement.table) ?? 'platform', statement }))
      .filter(({ statement }) => statement.runsOn(this.database.dialect))
      .filter((owned) => domain === undefined || owned.domain === domain)
      .toSorted((a, b) => (a.statement.name < b.statement.name ? -1 : 1));
  }

  /** The plan of a statement; executes nothing. @throws Error naming the statement that the database refuses */
  async explain({ domain, statement }: OwnedStatement): Promise<StatementPlan> {
    try {
      const plan =
        this.database.dialect === 'sqlite' ? await this.onSqlite(statement) : await this.onPostgres(statement);
      const isList = statement.operation === 'SELECT' && /\bLIMIT\b/.test(statement.compiledText.text);
      // PostgreSQL is told to avoid it, so what is left cannot be avoided; SQLite says SCAN without an index.
      const readsAll = isList && plan.some((line) => /Seq Scan on|^SCAN (?!counted\b|page\b|\()\w+$/.test(line));
      return { domain, statement, plan, readsAll };
    } catch (error) {
      // A driver's error is not always an Error of this realm.
      throw new Error(`The database refuses ${statement.name}: ${(error as Partial<Error>).message ?? error}`, {
        cause: error,
      });
    }
  }

  private domainsByTable(): Map<string, string> {
    const tables = this.database.dataSource.entityMetadatas;
    return new Map(
      this.declarations.flatMap(({ entities = [], name }) =>
        tables
          .filter(({ target }) => entities.some((entity) => entity === target))
          .map(({ tableName }) => [tableName, name] as const),
      ),
    );
  }

  private async onSqlite({ parameters, sqlite }: Statement): Promise<string[]> {
    const given = Object.fromEntries(parameters.map((name) => [name, null]));
    const rows = await this.database.explain(`EXPLAIN QUERY PLAN ${sqlite}`, given);
    return rows.map(({ detail }) => String(detail));
  }

  private async onPostgres(statement: Statement): Promise<string[]> {
    const { names, text } = statement.compiledText;
    const name = `explained_${snakeCase(statement.name).replace(/\W/g, '_')}`.slice(0, 63);
    const given = names.length === 0 ? '' : `(${names.map(() => 'NULL').join(', ')})`;
    return this.database.transaction(async () => {
      const run = (sql: string): Promise<Record<string, unknown>[]> => this.database.manager.query(sql);
      await run('SET LOCAL plan_cache_mode = force_generic_plan');
      await run('SET LOCAL enable_seqscan = off');
      await run(`PREPARE "${name}" AS ${text}`);
      const rows = await run(`EXPLAIN EXECUTE "${name}"${given}`);
      await run(`DEALLOCATE "${name}"`);
      return rows.map((row) => String(row['QUERY PLAN']));
    });
  }
}

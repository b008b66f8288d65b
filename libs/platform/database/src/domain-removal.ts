import { type DomainDeclaration } from '@platform/kernel';
import { type DataSource, type QueryRunner } from 'typeorm';
import { SchemaLedger } from './schema-ledger';

/** What goes when a domain is dropped. */
export interface Removal {
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  readonly migrations: readonly string[];
  /** Whether the code is still here: then the next migration makes the tables anew. */
  readonly isInCode: boolean;
}

const FOREIGN_KEYS = {
  postgres: `SELECT child.relname AS "from", parent.relname AS "to" FROM pg_constraint k
    JOIN pg_class child ON child.oid = k.conrelid JOIN pg_class parent ON parent.oid = k.confrelid
    WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace`,
  sqlite: `SELECT m.name AS "from", k."table" AS "to" FROM sqlite_master m, pragma_foreign_key_list(m.name) k
    WHERE m.type = 'table'`,
};

/** Takes the tables of one domain away, and the memory that they were made. */
export class DomainRemoval {
  private readonly ledger: SchemaLedger;

  constructor(
    private readonly runner: QueryRunner,
    private readonly declarations: readonly DomainDeclaration[],
  ) {
    this.ledger = new SchemaLedger(runner, declarations);
  }

  /**
   * What would go; changes nothing.
   * @throws Error for what is no domain, is unknown here, is part of every installation, or is referred to by others
   */
  async look(domain: string): Promise<Removal> {
    const declared = this.declarations.find(({ name }) => name === domain);
    const contents = domain.includes('/') ? undefined : await this.ledger.contentsOf(domain);
    if (!contents) {
      const known = (await this.ledger.domains()).filter((name) => !name.includes('/'));
      throw new Error(`This database knows no domain ${domain}: take one of ${known.join(', ') || '(none yet)'}`);
    }
    if (declared?.required)
      throw new Error(`${domain} is part of every installation: nobody signs in without it, so its tables stay`);
    const others = await this.tablesOfOthers(domain);
    const own = contents.tables.filter((name) => !others.has(name));
    await this.mustBeUnreferenced(domain, own);
    const tables = [];
    for (const name of own) tables.push({ name, rows: await this.count(name) });
    return { tables, migrations: contents.migrations, isInCode: declared !== undefined };
  }

  /** Take it away, all or nothing; returns what went. @throws Error as {@link look} */
  async carryOut(domain: string): Promise<Removal> {
    await this.runner.startTransaction();
    try {
      const removal = await this.look(domain);
      await this.dropTables(removal.tables.map(({ name }) => name));
      const applied = await this.applied();
      const parameter = this.dataSource.driver.createParameter('', 0);
      for (const name of removal.migrations.filter((each) => applied.has(each)))
        await this.runner.query(`DELETE FROM "migrations" WHERE "name" = ${parameter}`, [name]);
      await this.ledger.forget(domain);
      await this.runner.commitTransaction();
      return removal;
    } catch (error) {
      await this.runner.rollbackTransaction();
      throw error;
    }
  }

  private get dataSource(): DataSource {
    return this.runner.dataSource;
  }

  private get isPostgres(): boolean {
    return this.dataSource.options.type === 'postgres';
  }

  private async applied(): Promise<Set<string>> {
    if (!(await this.runner.hasTable('migrations'))) return new Set();
    const rows = (await this.runner.query('SELECT "name" FROM "migrations"')) as { name: string }[];
    return new Set(rows.map(({ name }) => name));
  }

  /** Tables that another domain took over: its code has them, and its migrations are applied. */
  private async tablesOfOthers(domain: string): Promise<Set<string>> {
    const applied = await this.applied();
    const others = this.declarations.filter(
      ({ migrations = [], name }) => name !== domain && migrations.every((each) => applied.has(each.name)),
    );
    return new Set(
      others.flatMap(({ entities = [] }) => entities.map((entity) => this.dataSource.getMetadata(entity).tableName)),
    );
  }

  /** SQLite would drop them and leave rows of others that refer to nothing. */
  private async mustBeUnreferenced(domain: string, tables: readonly string[]): Promise<void> {
    // The columns of the query above.
    const keys = (await this.runner.query(FOREIGN_KEYS[this.isPostgres ? 'postgres' : 'sqlite'])) as {
      from: string;
      to: string;
    }[];
    const key = keys.find(({ from, to }) => tables.includes(to) && !tables.includes(from));
    if (!key) return;
    const owner = await this.ledger.ownerOf('table', key.from);
    throw new Error(
      `The table ${key.from}${owner ? ` of ${owner}` : ''} refers to ${key.to}: drop ${owner ?? key.from} before ${domain}`,
    );
  }

  private async count(table: string): Promise<number> {
    const [row] = (await this.runner.query(`SELECT COUNT(*) AS "rows" FROM "${table}"`)) as { rows: number | string }[];
    return Number(row?.rows ?? 0);
  }

  /** Together, for they may refer to each other. */
  private async dropTables(tables: readonly string[]): Promise<void> {
    if (tables.length === 0) return;
    const quoted = tables.map((table) => `"${table}"`);
    if (this.isPostgres) {
      await this.runner.query(`DROP TABLE ${quoted.join(', ')}`);
      // Of append-only tables: see MigrationKit.
      for (const table of tables) await this.runner.query(`DROP FUNCTION IF EXISTS "${table}_is_append_only"`);
      return;
    }
    await this.runner.query('PRAGMA defer_foreign_keys = ON');
    for (const table of quoted) await this.runner.query(`DROP TABLE ${table}`);
  }
}

import { BootRefused, type DomainDeclaration } from '@platform/kernel';
import { type DataSource, type QueryRunner } from 'typeorm';

/** Where it is kept: beside TypeORM's own `migrations`, and like it no domain's. */
const LEDGER = 'schema_ledger';

/** What a domain has in a database. */
export interface DomainContents {
  /** Tables that are there. */
  readonly tables: readonly string[];
  /** Its migrations, applied or not. */
  readonly migrations: readonly string[];
}

interface Entry {
  readonly kind: 'table' | 'migration';
  readonly name: string;
  readonly domain: string;
}

/**
 * Which domain made which table, by which migration. Written down after the migrations, and kept when the code goes:
 * so it is known whose a table is that no code speaks of any more.
 */
export class SchemaLedger {
  constructor(
    private readonly runner: QueryRunner,
    private readonly declarations: readonly DomainDeclaration[] = [],
  ) {}

  /** Write down what the domains of this process declare. */
  async record(): Promise<void> {
    // PostgreSQL asks for the right to make tables even where IF NOT EXISTS makes none.
    if (!(await this.runner.hasTable(LEDGER))) {
      await this.runner.query(
        `CREATE TABLE IF NOT EXISTS "${LEDGER}" ("kind" varchar(16) NOT NULL, "name" varchar(255) NOT NULL, ` +
          '"domain" varchar(255) NOT NULL, PRIMARY KEY ("kind", "name"))',
      );
    }
    const known = new Set((await this.written()).map(keyOf));
    for (const entry of this.declared().filter((each) => !known.has(keyOf(each)))) {
      const values = [entry.kind, entry.name, entry.domain];
      await this.runner.query(
        `INSERT INTO "${LEDGER}" ("kind", "name", "domain") VALUES (${values.map((_, index) => this.parameter(index)).join(', ')}) ` +
          'ON CONFLICT ("kind", "name") DO UPDATE SET "domain" = excluded."domain"',
        values,
      );
    }
  }

  /** What a domain has here, in its code or left by it; undefined for one that never was here. */
  async contentsOf(domain: string): Promise<DomainContents | undefined> {
    const own = (await this.all()).filter((entry) => entry.domain === domain);
    if (own.length === 0) return undefined;
    const tables: string[] = [];
    for (const name of namesOf(own, 'table')) if (await this.runner.hasTable(name)) tables.push(name);
    return { tables, migrations: namesOf(own, 'migration') };
  }

  /** Whose a table or a migration is; undefined when nobody wrote it down. */
  async ownerOf(kind: Entry['kind'], name: string): Promise<string | undefined> {
    return (await this.all()).find((entry) => entry.kind === kind && entry.name === name)?.domain;
  }

  /** Every domain that it knows, in the order of the alphabet. */
  async domains(): Promise<string[]> {
    return [...new Set((await this.all()).map(({ domain }) => domain))].sort();
  }

  /** Strike a domain out. */
  async forget(domain: string): Promise<void> {
    if (await this.runner.hasTable(LEDGER))
      await this.runner.query(`DELETE FROM "${LEDGER}" WHERE "domain" = ${this.parameter(0)}`, [domain]);
  }

  private async all(): Promise<Entry[]> {
    return [...this.declared(), ...(await this.written())];
  }

  private async written(): Promise<Entry[]> {
    if (!(await this.runner.hasTable(LEDGER))) return [];
    // The columns that `record` made.
    return (await this.runner.query(`SELECT "kind", "name", "domain" FROM "${LEDGER}"`)) as Entry[];
  }

  private declared(): Entry[] {
    const { dataSource } = this;
    return this.declarations.flatMap(({ entities = [], migrations = [], name: domain }) => [
      ...entities.map((entity): Entry => ({ kind: 'table', name: dataSource.getMetadata(entity).tableName, domain })),
      ...migrations.map(({ name }): Entry => ({ kind: 'migration', name, domain })),
    ]);
  }

  private get dataSource(): DataSource {
    return this.runner.dataSource;
  }

  /** As the engine writes its parameters. */
  private parameter(index: number): string {
    return this.dataSource.driver.createParameter('', index);
  }
}

/** Why a migration cannot make a table: it is there already, and that it is whose. */
export async function tableIsThere(runner: QueryRunner, table: string): Promise<BootRefused> {
  const owner = await new SchemaLedger(runner).ownerOf('table', table);
  const whose = owner
    ? `the domain ${owner} made it before and left it. \`npm run omni -- db drop ${owner}\` shows what it holds, and with --yes ` +
      'takes it away; then repeat'
    : 'no domain that this database knows made it. Rename or drop it there, or set DATABASE_URL to another database';
  return new BootRefused([`A migration makes the table ${table}, which is there already: ${whose}`]);
}

function keyOf({ domain, kind, name }: Entry): string {
  return `${kind} ${name} ${domain}`;
}

function namesOf(entries: readonly Entry[], kind: Entry['kind']): string[] {
  return [...new Set(entries.filter((entry) => entry.kind === kind).map(({ name }) => name))];
}

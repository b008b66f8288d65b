import { type QueryRunner, Table, TableCheck, TableColumn, TableForeignKey, TableIndex } from 'typeorm';
import { enumExpression } from './columns';
import { enumCheckName, foreignKeyName, indexName, snakeCase } from './naming';
import { tableIsThere } from './schema-ledger';
import { type Dialect } from './statement';

interface ColumnExtras {
  nullable?: boolean;
  default?: string | number | boolean;
  unique?: boolean;
}

/** A column as a migration writes it. */
export interface ColumnSpec extends ColumnExtras {
  name: string;
  type: string;
  length?: number;
  primary?: boolean;
  allowed?: readonly string[];
}

/** Columns of a table, with the names of the entity's column helpers. */
export const col = {
  id: (name = 'id'): ColumnSpec => ({ name, type: 'uuid', primary: true }),
  ref: (name: string, extras?: ColumnExtras): ColumnSpec => ({ name, type: 'uuid', ...extras }),
  text: (name: string, extras: ColumnExtras & { length?: number; primary?: boolean } = {}): ColumnSpec => ({
    name,
    type: extras.length ? 'varchar' : 'text',
    ...extras,
  }),
  int: (name: string, extras?: ColumnExtras): ColumnSpec => ({ name, type: 'integer', ...extras }),
  bigint: (name: string, extras?: ColumnExtras): ColumnSpec => ({ name, type: 'bigint', ...extras }),
  bool: (name: string, extras?: ColumnExtras): ColumnSpec => ({ name, type: 'boolean', ...extras }),
  time: (name: string, extras?: ColumnExtras): ColumnSpec => ({ name, type: 'timestamptz', ...extras }),
  json: (name: string, extras?: ColumnExtras): ColumnSpec => ({ name, type: 'jsonb', ...extras }),
  enum: (name: string, allowed: readonly string[], extras?: ColumnExtras): ColumnSpec => ({
    name,
    type: 'varchar',
    length: 32,
    allowed,
    ...extras,
  }),
  version: (name = 'version'): ColumnSpec => ({ name, type: 'integer', default: 1 }),
};

/** An index of a table; `where` makes it partial. */
export interface IndexSpec {
  columns: string[];
  unique?: boolean;
  where?: string;
}

/** What a table has besides columns. */
export interface TableExtras {
  indexes?: IndexSpec[];
  checks?: { name: string; expression: string }[];
  foreignKeys?: { columns: string[]; references: string; onDelete?: 'CASCADE' | 'SET NULL' | 'RESTRICT' }[];
}

/** Writes a migration once for both engines, under the names that the entities expect. */
export class MigrationKit {
  readonly dialect: Dialect;

  constructor(private readonly runner: QueryRunner) {
    this.dialect = runner.connection.options.type === 'postgres' ? 'postgres' : 'sqlite';
  }

  /** Create a table with its indexes, checks and foreign keys. @throws BootRefused for one that is there, saying whose it is */
  async createTable(name: string, columns: ColumnSpec[], extras: TableExtras = {}): Promise<void> {
    if (await this.runner.hasTable(name)) throw await tableIsThere(this.runner, name);
    const unique = columns
      .filter((column) => column.unique)
      .map((column) => ({ columns: [column.name], unique: true }));
    const indexes: IndexSpec[] = [...unique, ...(extras.indexes ?? [])];
    const enumerations = columns.filter((column) => column.allowed);
    await this.runner.createTable(
      new Table({
        name,
        columns: columns.map((column) => this.tableColumn(name, column)),
        indices: indexes.map((index) => new TableIndex(namedIndex(name, index))),
        checks: [...enumerations.map(enumCheck), ...(extras.checks ?? []).map((check) => new TableCheck(check))],
        foreignKeys: (extras.foreignKeys ?? []).map((key) => this.foreignKey(name, key)),
      }),
    );
  }

  /** Drop a table with all that hangs on it. */
  async dropTable(name: string): Promise<void> {
    if (this.dialect === 'postgres')
      await this.runner.query(`DROP FUNCTION IF EXISTS "${name}_is_append_only" CASCADE`);
    await this.runner.dropTable(name);
  }

  /** Add one column. */
  async addColumn(table: string, column: ColumnSpec): Promise<void> {
    await this.runner.addColumn(table, this.tableColumn(table, column));
    if (column.allowed) await this.runner.createCheckConstraint(table, enumCheck(column));
    if (column.unique) await this.createIndex(table, { columns: [column.name], unique: true });
  }

  /** Drop one column with the indexes and checks that it is part of. */
  async dropColumn(table: string, column: string): Promise<void> {
    // PostgreSQL drops them by itself.
    const checks = this.dialect === 'sqlite' ? ((await this.runner.getTable(table))?.checks ?? []) : [];
    for (const check of checks) {
      if (check.expression?.includes(`"${column}"`)) await this.runner.dropCheckConstraint(table, check);
    }
    await this.runner.dropColumn(table, column);
  }

  /** Add one index. */
  async createIndex(table: string, index: IndexSpec): Promise<void> {
    await this.runner.createIndex(table, new TableIndex(namedIndex(table, index)));
  }

  /** Make the table refuse UPDATE, DELETE and replacement of rows (by `id`), whoever asks. */
  async appendOnly(table: string): Promise<void> {
    if (this.dialect === 'sqlite') {
      for (const operation of ['UPDATE', 'DELETE']) {
        await this.runner.query(
          `CREATE TRIGGER "${table}_refuses_${operation.toLowerCase()}" BEFORE ${operation} ON "${table}" ` +
            `BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`,
        );
      }
      // INSERT OR REPLACE deletes the old row without firing delete triggers (sqlite.org/lang_conflict.html, REPLACE).
      await this.runner.query(
        `CREATE TRIGGER "${table}_refuses_replace" BEFORE INSERT ON "${table}" ` +
          `WHEN EXISTS (SELECT 1 FROM "${table}" WHERE "id" = NEW."id") ` +
          `BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`,
      );
      return;
    }
    await this.runner.query(
      `CREATE FUNCTION "${table}_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS ` +
        `$$ BEGIN RAISE EXCEPTION '${table} is append-only' USING ERRCODE = '23514'; END $$`,
    );
    await this.runner.query(
      `CREATE TRIGGER "${table}_refuses_change" BEFORE UPDATE OR DELETE OR TRUNCATE ON "${table}" ` +
        `FOR EACH STATEMENT EXECUTE FUNCTION "${table}_is_append_only"()`,
    );
  }

  /** SQL that differs between the engines; an engine without a text does nothing. */
  async sql(variants: { postgres?: string; sqlite?: string; both?: string }): Promise<void> {
    const text = variants[this.dialect] ?? variants.both;
    if (text) await this.runner.query(text);
  }

  private tableColumn(table: string, spec: ColumnSpec): TableColumn {
    return new TableColumn({
      name: spec.name,
      type: this.typeOf(spec.type),
      length: spec.length ? String(spec.length) : undefined,
      isPrimary: spec.primary ?? false,
      primaryKeyConstraintName: spec.primary && this.dialect === 'postgres' ? `pk_${table}` : undefined,
      isNullable: spec.nullable ?? false,
      default: defaultText(spec.default, this.dialect),
    });
  }

  private typeOf(type: string): string {
    const keptAsText = this.dialect === 'sqlite' && ['uuid', 'timestamptz', 'jsonb'].includes(type);
    if (keptAsText) return 'text';
    return type === 'timestamptz' ? 'timestamp with time zone' : type;
  }

  private foreignKey(
    table: string,
    key: { columns: string[]; references: string; onDelete?: string },
  ): TableForeignKey {
    return new TableForeignKey({
      name: foreignKeyName(table, key.columns),
      columnNames: key.columns,
      referencedTableName: key.references,
      referencedColumnNames: ['id'],
      onDelete: key.onDelete ?? 'NO ACTION',
    });
  }
}

function enumCheck({ name, allowed = [] }: ColumnSpec): TableCheck {
  return new TableCheck({ name: enumCheckName(name), expression: enumExpression(name, allowed) });
}

function namedIndex(table: string, index: IndexSpec) {
  return {
    name: indexName(table, index.columns.map(snakeCase)),
    columnNames: index.columns,
    isUnique: index.unique ?? false,
    where: index.where,
  };
}

function defaultText(value: string | number | boolean | undefined, dialect: Dialect): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return dialect === 'postgres' ? String(value) : value ? '1' : '0';
  return typeof value === 'number' ? String(value) : `'${value}'`;
}

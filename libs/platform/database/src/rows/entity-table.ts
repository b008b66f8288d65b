import { type EntityMetadata } from 'typeorm';
import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata';
import { isDigits } from '../columns';
import { type Dialect, type Parameters } from '../statement';

/** One column as the compiled functions need it. */
export interface TableColumn {
  /** Name in the database: `owner_id`. */
  readonly name: string;
  /** Name on the entity: `ownerId`. */
  readonly property: string;
  readonly nullable: boolean;
  readonly isKey: boolean;
  /** Whether `save` writes it. */
  readonly updated: boolean;
}

type Source = Record<string, unknown>;

/** What is compiled once from the metadata of an entity: its columns, row → entity and entity → parameters. */
export class EntityTable<E extends object> {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly key: readonly TableColumn[];
  readonly hasVersion: boolean;
  /** The entity of a row, whose names are those of the columns. */
  readonly read: (row: Source) => E;
  /** The parameters of an entity, named as the columns. */
  readonly write: (entity: E) => Parameters;

  constructor(
    readonly metadata: EntityMetadata,
    dialect: Dialect,
  ) {
    this.name = metadata.tableName;
    this.columns = metadata.columns.map(columnOf);
    this.key = this.columns.filter(({ isKey }) => isKey);
    this.hasVersion = this.columns.some(({ name }) => name === 'version');
    this.read = readerOf<E>(metadata, dialect);
    this.write = writerOf<E>(metadata.columns);
  }

  /** The column of an entity's property or of a name in the database. */
  find(name: string): TableColumn | undefined {
    return this.columns.find((column) => column.name === name || column.property === name);
  }

  /** What a SELECT reads of all columns; qualified by the table where it stands beside others. */
  selected(qualified = false): string {
    return this.metadata.columns
      .map((column) => {
        const name = qualified ? `${this.name}.${column.databaseName}` : column.databaseName;
        return isDigits(column) ? `${name}, CAST(${name} AS TEXT) AS ${readName(column)}` : name;
      })
      .join(', ');
  }
}

function columnOf(column: ColumnMetadata): TableColumn {
  const { databaseName: name, isPrimary: isKey, isNullable: nullable, propertyName: property } = column;
  const fixed = isKey || name === 'version' || name === 'created_at';
  return { name, property, nullable, isKey, updated: !fixed && column.isUpdate };
}

/** A function whose body reads each column by its name: a loop of closures takes ten times as long. */
function readerOf<E extends object>(metadata: EntityMetadata, dialect: Dialect): (row: Source) => E {
  const lines = metadata.columns.map((column) => {
    const value = `row.${readName(column)}`;
    return `entity.${column.propertyName} = ${readExpression(column, value, dialect)};`;
  });
  const body = `return (row) => { const entity = new Entity(); ${lines.join(' ')} return entity; };`;
  // The text is made of names that TypeORM took from our own classes.
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function('Entity', body)(metadata.target) as (row: Source) => E;
}

/** What is read as another type stands beside the column, which a list is ordered by. */
function readName(column: ColumnMetadata): string {
  return isDigits(column) ? `${column.databaseName}_digits` : column.databaseName;
}

function readExpression(column: ColumnMetadata, value: string, dialect: Dialect): string {
  const { type } = column;
  const present = (expression: string) => `${value} === null ? null : ${expression}`;
  if (type === 'timestamptz') {
    return dialect === 'postgres' ? value : present(`new Date(${value})`);
  }
  if (type === 'boolean' && dialect === 'sqlite') return present(`${value} === 1`);
  if (type === 'jsonb' && dialect === 'sqlite') return present(`JSON.parse(${value})`);
  if (type === 'bigint' && !isDigits(column)) return present(`Number(${value})`);
  return value;
}

function writerOf<E extends object>(columns: readonly ColumnMetadata[]): (entity: E) => Parameters {
  const entries = columns.map(({ databaseName, propertyName, type }) => {
    const value = `entity.${propertyName}`;
    // A JSON text is text to a driver, so every JSON value is written as one.
    return `${databaseName}: ${type === 'jsonb' ? `${value} == null ? null : JSON.stringify(${value})` : `${value} ?? null`}`;
  });
  // oxlint-disable-next-line typescript/no-implied-eval
  return new Function(`return (entity) => ({ ${entries.join(', ')} });`)() as (entity: E) => Parameters;
}

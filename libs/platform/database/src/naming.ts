import { DefaultNamingStrategy, type Table } from 'typeorm';

/** `ownerId` → `owner_id`. */
export function snakeCase(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

/** Name of an index, unique or not: `ix_projects_owner_id_created_at`, within PostgreSQL's 63 bytes. */
export function indexName(table: string, columns: readonly string[]): string {
  return `ix_${table}_${columns.join('_')}`.slice(0, 63);
}

/** Name of a foreign key: `fk_projects_owner_id`. */
export function foreignKeyName(table: string, columns: readonly string[]): string {
  return `fk_${table}_${columns.join('_')}`.slice(0, 63);
}

/** Name of the CHECK that an enumeration column carries. */
export function enumCheckName(column: string): string {
  return `ck_${column}_is_known`;
}

/** snake_case columns, and the same constraint names from entities as from migrations: drift compares by name. */
export class SnakeCaseNaming extends DefaultNamingStrategy {
  override columnName(property: string, custom: string | undefined, prefixes: string[]): string {
    return snakeCase([...prefixes, custom ?? property].join('_'));
  }

  override indexName(table: Table | string, columns: string[]): string {
    return indexName(this.getTableName(table), columns);
  }

  override foreignKeyName(table: Table | string, columns: string[]): string {
    return foreignKeyName(this.getTableName(table), columns);
  }

  override primaryKeyName(table: Table | string): string {
    return `pk_${this.getTableName(table)}`;
  }
}

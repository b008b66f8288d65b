import { type DomainDeclaration, type Json, type SubjectDataContract } from '@platform/kernel';
import { type EntityMetadata } from 'typeorm';
import { isAppendOnly } from './append-only';
import { subjectDataOf } from './personal-data';

type ColumnMetadata = EntityMetadata['columns'][number];
type Tables = ReadonlyMap<string, EntityMetadata>;

/** Each contract that cannot be kept on these tables, with its domain and its cure; empty when all can. */
export function subjectDataFindings(
  declarations: readonly DomainDeclaration[],
  entities: readonly EntityMetadata[],
): string[] {
  const tables: Tables = new Map(entities.map((entity) => [entity.tableName, entity]));
  const owners = new Map<string, string>();
  const subjects = declarations.flatMap((domain) => subjectsFindings(domain, tables));
  const contracts = declarations.flatMap((domain) =>
    subjectDataOf(domain).flatMap((contract) => {
      const place = `${contract.table}.${contract.column}`;
      const owner = owners.get(place);
      owners.set(place, domain.name);
      const twice =
        owner === undefined ? [] : [`is declared twice, by ${owner} and ${domain.name}: remove one of them`];
      return [...twice, ...findingsOf(contract, tables)].map(
        (finding) => `Subject data ${place} of '${domain.name}' ${finding}`,
      );
    }),
  );
  return [...subjects, ...contracts];
}

function subjectsFindings({ name, subjects = [] }: DomainDeclaration, tables: Tables): string[] {
  return subjects
    .filter((table) => !tables.get(table)?.findColumnWithDatabaseName('id'))
    .map(
      (table) => `Subjects '${table}' of '${name}' are no table with an id that an entity has: correct \`subjects\``,
    );
}

function findingsOf(contract: SubjectDataContract, tables: Tables): string[] {
  const { column, erasure, summary, table, via } = contract;
  const entity = tables.get(table);
  if (!entity) return [`names a table that no entity of this process has: correct \`table\`, or list the entity`];
  const findings = missing(entity, column, 'column');
  if (summary.trim() === '') findings.push('says nothing in `summary`: write what a privacy notice would');
  if (via) findings.push(...viaFindings(via, tables));
  if (isAppendOnly(entity.target) && erasure.kind !== 'keep') {
    findings.push(`would change a table that refuses every change (@AppendOnly): declare \`keep\` with a reason`);
  }
  if (erasure.kind === 'keep' && erasure.reason.trim() === '') {
    findings.push('is kept without a `reason`: write one that can be told to the person');
  }
  return erasure.kind === 'anonymize' ? [...findings, ...setFindings(entity, erasure.set)] : findings;
}

function viaFindings(via: { table: string; column: string }, tables: Tables): string[] {
  const entity = tables.get(via.table);
  if (!entity) return [`goes via table '${via.table}', which no entity of this process has: correct \`via.table\``];
  return [...missing(entity, via.column, 'via.column'), ...missing(entity, 'id', 'via.table')];
}

function setFindings(entity: EntityMetadata, set: Readonly<Record<string, Json>>): string[] {
  const values = Object.entries(set);
  if (values.length === 0) return ['sets no column: name those that tell of the person, or declare `delete`'];
  return values.flatMap(([name, value]) => {
    const column = entity.findColumnWithDatabaseName(name);
    if (!column) return missing(entity, name, 'set');
    if (value === null && !column.isNullable)
      return [`sets '${name}' to null, which the column refuses: choose a value`];
    if (value !== null && isUnique(entity, column)) {
      return [
        `sets the unique column '${name}' to one value, which a second subject could not take: set null or \`delete\``,
      ];
    }
    return [];
  });
}

function missing(entity: EntityMetadata, column: string, where: string): string[] {
  if (entity.findColumnWithDatabaseName(column)) return [];
  return [
    `names the column '${column}', which the entity of '${entity.tableName}' does not have: correct \`${where}\``,
  ];
}

function isUnique(entity: EntityMetadata, column: ColumnMetadata): boolean {
  const alone = (columns: readonly ColumnMetadata[]) => columns.length === 1 && columns[0] === column;
  return column.isPrimary || entity.indices.some((index) => index.isUnique && alone(index.columns));
}

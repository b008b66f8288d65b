import { type DomainDeclaration, type Json, type SubjectDataContract } from '@platform/kernel';
import { type EntityMetadata } from 'typeorm';
import { isAppendOnly } from './append-only';
import { subjectDataOf } from './personal-data';

type ColumnMetadata = EntityMetadata['columns'][number];
type Tables = ReadonlyMap<string, EntityMetadata>;

/** Each contract that cannot be kept on these tables, with its domain and its fix; empty when all can. */
export function subjectDataProblems(
  declarations: readonly DomainDeclaration[],
  entities: readonly EntityMetadata[],
): string[] {
  const tables: Tables = new Map(entities.map((entity) => [entity.tableName, entity]));
  const owners = new Map<string, string>();
  const subjects = declarations.flatMap((domain) => subjectsProblems(domain, tables));
  const contracts = declarations.flatMap((domain) =>
    subjectDataOf(domain).flatMap((contract) => {
      const place = `${contract.table}.${contract.column}`;
      const owner = owners.get(place);
      owners.set(place, domain.name);
      const twice =
        owner === undefined ? [] : [`is declared twice, by ${owner} and ${domain.name}: remove one of them`];
      return [...twice, ...problemsOf(contract, tables)].map(
        (problem) => `Subject data ${place} of '${domain.name}' ${problem}`,
      );
    }),
  );
  return [...subjects, ...contracts];
}

function subjectsProblems({ name, subjects = [] }: DomainDeclaration, tables: Tables): string[] {
  return subjects
    .filter((table) => !tables.get(table)?.findColumnWithDatabaseName('id'))
    .map(
      (table) => `Subjects '${table}' of '${name}' are no table with an id that an entity has: correct \`subjects\``,
    );
}

function problemsOf(contract: SubjectDataContract, tables: Tables): string[] {
  const { column, erasure, summary, table, via } = contract;
  const entity = tables.get(table);
  if (!entity) return [`names a table that no entity of this process has: correct \`table\`, or list the entity`];
  const problems = missing(entity, column, 'column');
  if (summary.trim() === '') problems.push('says nothing in `summary`: write what a privacy notice would');
  if (via) problems.push(...viaProblems(via, tables));
  if (isAppendOnly(entity.target) && erasure.kind !== 'keep') {
    problems.push(`would change a table that refuses every change (@AppendOnly): declare \`keep\` with a reason`);
  }
  if (erasure.kind === 'keep' && erasure.reason.trim() === '') {
    problems.push('is kept without a `reason`: write one that can be told to the person');
  }
  return erasure.kind === 'anonymize' ? [...problems, ...setProblems(entity, erasure.set)] : problems;
}

function viaProblems(via: { table: string; column: string }, tables: Tables): string[] {
  const entity = tables.get(via.table);
  if (!entity) return [`goes via table '${via.table}', which no entity of this process has: correct \`via.table\``];
  return [...missing(entity, via.column, 'via.column'), ...missing(entity, 'id', 'via.table')];
}

function setProblems(entity: EntityMetadata, set: Readonly<Record<string, Json>>): string[] {
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

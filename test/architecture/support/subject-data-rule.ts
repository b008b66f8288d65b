import { subjectDataOf } from '@platform/database';
import { type DomainDeclaration, type SubjectDataContract } from '@platform/kernel';
import { type EntityMetadata } from 'typeorm';

type Contracts = readonly SubjectDataContract[];

/** Columns whose name says that they hold the id of a person or an owner. */
const NAMES_OF_IDS = [
  /^(user|person|account|owner|actor|author|creator|sender|recipient|assignee|subject)_id$/,
  /^(impersonator|inviter|invitee|grantor|grantee|reviewer|approver|uploader|contact)_id$/,
  /^(tenant|organization|org|company|team)_id$/,
  /_by$/,
  /_by_id$/,
];

/** Columns whose name says that they tell how a person is reached: gone with the row, or declared themselves. */
const NAMES_OF_ADDRESSES = [/(^|_)e?mail$/, /(^|_)address$/, /(^|_)phone$/, /^ip(_address)?$/];

/** Columns whose name says that who knows what they keep gets in, or speaks for somebody. */
const NAMES_OF_CREDENTIALS = [/_hash$/, /^sealed_/, /password/, /secret/];

/** Columns that are called so and hold no person, each with the reason. */
export const NO_PERSON: Readonly<Record<string, string>> = {
  'jobs.locked_by': 'the name of a worker process',
};

/**
 * What an entity holds of people or tenants and no domain declared: columns that refer to `users`, columns whose name says
 * so, and tables whose rows hang on rows that are deleted. One line each; empty when nothing can be forgotten.
 */
export function undeclared(
  entities: readonly EntityMetadata[],
  declarations: readonly DomainDeclaration[],
  noPerson: Readonly<Record<string, string>> = NO_PERSON,
): string[] {
  const contracts = declarations.flatMap(subjectDataOf);
  return entities.flatMap((entity) => {
    const own = contracts.filter(({ table }) => table === entity.tableName);
    const names = entity.columns.map(({ databaseName }) => databaseName);
    const ids = names.filter((name) => matches(NAMES_OF_IDS, name) || refersToUsers(entity, name));
    const addresses = names.filter((name) => matches(NAMES_OF_ADDRESSES, name) && !goesAlong(name, own));
    const missing = [...ids, ...addresses].filter((name) => !own.some(({ column }) => column === name));
    const parents = missing.length === 0 ? parentsOf(entity, own, contracts) : [];
    return [
      ...missing.map((name) => `${entity.tableName}.${name}`).filter((place) => !(place in noPerson)),
      ...parents.map((parent) => `${entity.tableName} (rows of ${parent})`),
    ];
  });
}

/**
 * What is held of people and does not say what becomes of it when somebody first proves the address of the account: every
 * column with a person that a deletion touches, and every table of persons or owners that keeps credentials.
 */
export function silentOnFirstProof(
  entities: readonly EntityMetadata[],
  declarations: readonly DomainDeclaration[],
): string[] {
  const contracts = declarations.flatMap(subjectDataOf);
  const persons = contracts
    .filter(({ erasure, firstProof, holds }) => holds === 'person' && erasure.kind !== 'keep' && !firstProof)
    .map(({ column, table }) => `${table}.${column}`);
  const keeping = entities.flatMap((entity) => {
    const own = contracts.filter(({ table }) => table === entity.tableName);
    if (own.every(({ erasure }) => erasure.kind === 'keep') || own.some(({ firstProof }) => firstProof)) return [];
    const names = entity.columns.map(({ databaseName }) => databaseName);
    return names.filter((name) => matches(NAMES_OF_CREDENTIALS, name)).map((name) => `${entity.tableName}.${name}`);
  });
  return [...persons, ...keeping];
}

function matches(patterns: readonly RegExp[], name: string): boolean {
  return patterns.some((pattern) => pattern.test(name));
}

function refersToUsers(entity: EntityMetadata, name: string): boolean {
  return entity.foreignKeys.some(
    ({ columnNames, referencedTablePath }) => referencedTablePath === 'users' && columnNames.includes(name),
  );
}

/** Whether the column is gone once one of the contracts of its table is carried out. */
function goesAlong(name: string, own: Contracts): boolean {
  return own.some(({ erasure }) => erasure.kind === 'delete' || (erasure.kind === 'anonymize' && name in erasure.set));
}

/**
 * Tables whose rows are deleted with a subject while those of the entity hang on them: nobody said what becomes of these,
 * or the database would refuse the deletion.
 */
function parentsOf({ foreignKeys }: EntityMetadata, own: Contracts, all: Contracts): string[] {
  const deleted = new Set(all.filter(({ erasure }) => erasure.kind === 'delete').map(({ table }) => table));
  const isFreed = (column: string): boolean => own.some((each) => each.column === column && goesAlong(column, [each]));
  return foreignKeys
    .filter(({ referencedTablePath }) => deleted.has(referencedTablePath))
    .filter(({ columnNames, onDelete, referencedTablePath }) => {
      const follows = onDelete === 'CASCADE' || onDelete === 'SET NULL';
      const isGone = referencedTablePath !== 'users' && own.some(({ erasure }) => erasure.kind === 'delete');
      return own.length === 0 || (!follows && !isGone && !columnNames.some(isFreed));
    })
    .map(({ referencedTablePath }) => referencedTablePath);
}

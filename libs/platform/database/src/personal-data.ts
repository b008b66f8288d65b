import { type DomainDeclaration, type SubjectDataContract } from '@platform/kernel';
import { getMetadataArgsStorage } from 'typeorm';
import { type ColumnSettings, ReferenceColumn } from './columns';
import { snakeCase } from './naming';

/** What a column says of the person or tenant whose rows it names: a contract without its place. */
export type PersonalDataOptions = Omit<SubjectDataContract, 'table' | 'column' | 'via'>;

const HELD = new Map<object, { property: string; options: PersonalDataOptions }[]>();

/** Property decorator: by this column a row belongs to, or tells of, a person or tenant. */
export function PersonalData(options: PersonalDataOptions): PropertyDecorator {
  return (target, property) => {
    const held = HELD.get(target.constructor) ?? [];
    HELD.set(target.constructor, [...held, { property: String(property), options }]);
  };
}

type HeldColumn = Omit<PersonalDataOptions, 'holds'> & Pick<ColumnSettings<string>, 'nullable' | 'unique' | 'update'>;

/** Id of the account or tenant that owns the row: a UUID. */
export function OwnerColumn(settings: HeldColumn): PropertyDecorator {
  return reference('owner', settings);
}

/** Id of an account: a UUID. */
export function PersonColumn(settings: HeldColumn): PropertyDecorator {
  return reference('person', settings);
}

function reference(
  holds: PersonalDataOptions['holds'],
  { nullable, unique, update, ...held }: HeldColumn,
): PropertyDecorator {
  return (target, property) => {
    ReferenceColumn({ nullable, unique, update })(target, property);
    PersonalData({ ...held, holds })(target, property);
  };
}

/** What a domain holds of people and tenants: what its entities say at their columns, then what it declares besides. */
export function subjectDataOf({ entities = [], subjectData = [] }: DomainDeclaration): readonly SubjectDataContract[] {
  return [...entities.flatMap(heldBy), ...subjectData];
}

function heldBy(entity: object): SubjectDataContract[] {
  const table = getMetadataArgsStorage().tables.find(({ target }) => target === entity)?.name ?? '';
  return (HELD.get(entity) ?? []).map(({ options, property }) => ({ table, column: snakeCase(property), ...options }));
}

import { type Dialect, statement, withFolding } from '@platform/database';
import { type OrganizationRole } from './contract';
import { pageSql } from './organization-page';

/** A row as the statements below give it. */
export interface OrganizationRow {
  id: string;
  name: string;
  created_by: string | null;
  version: number;
  deleted_at: Date | string | null;
  created_at: Date | string;
  updated_at: Date | string;
}

/** An organization with the role of the person who asks. */
export type OwnOrganizationRow = OrganizationRow & { role: OrganizationRole };

/** An organization with the number of its members. */
export type CountedOrganizationRow = OrganizationRow & { members: number | string };

const COLUMNS = ['id', 'name', 'created_by', 'version', 'deleted_at', 'created_at', 'updated_at'];
const SELECTED = COLUMNS.map((column) => `o.${column}`).join(', ');
const MEMBERS = '(SELECT COUNT(*) FROM organization_memberships m WHERE m.organization_id = o.id) AS members';
const ALIVE = 'o.deleted_at IS NULL';
const OWN = `FROM organizations o JOIN organization_memberships m ON m.organization_id = o.id
  WHERE m.user_id = :user_id AND ${ALIVE}`;
const NEWEST_FIRST = 'o.created_at DESC, o.id DESC';
const AT = `ORDER BY ${NEWEST_FIRST} LIMIT :limit OFFSET :skip`;
const AFTER = `AND (o.created_at, o.id) < (:after, :after_id) ORDER BY ${NEWEST_FIRST} LIMIT :limit`;
const LOCK_ALIVE = `SELECT o.id FROM organizations o WHERE o.id = :id AND ${ALIVE}`;

export const FIND_OWN = statement('organizations.find_own', `SELECT ${SELECTED}, m.role ${OWN} AND o.id = :id`);
export const FIND_ANY = statement(
  'organizations.find_any',
  `SELECT ${SELECTED}, ${MEMBERS} FROM organizations o WHERE o.id = :id AND ${ALIVE}`,
);

// SQLite lets one writer in at a time; a row needs no lock there.
export const LOCK = statement('organizations.lock', { postgres: `${LOCK_ALIVE} FOR UPDATE`, sqlite: LOCK_ALIVE });

export const PAGE_OWN = statement('organizations.page_own', pageSql(`${SELECTED}, m.role`, OWN, NEWEST_FIRST, AT));
export const PAGE_OWN_AFTER = statement(
  'organizations.page_own_after',
  pageSql(`${SELECTED}, m.role`, OWN, NEWEST_FIRST, AFTER),
);
// A filter that is not given lets every row pass. PostgreSQL needs the cast to know the type of a lone NULL.
function all(slice: string): Record<Dialect, string> {
  return withFolding((fold) => {
    const matching = `FROM organizations o WHERE ${ALIVE}
      AND (CAST(:pattern AS varchar) IS NULL OR ${fold('o.name')} LIKE ${fold(':pattern')} ESCAPE '\\')`;
    return pageSql(`${SELECTED}, ${MEMBERS}`, matching, NEWEST_FIRST, slice);
  });
}

export const PAGE_ALL = statement('organizations.page_all', all(AT));
export const PAGE_ALL_AFTER = statement('organizations.page_all_after', all(AFTER));

export const INSERT = statement(
  'organizations.insert',
  `INSERT INTO organizations (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((column) => `:${column}`).join(', ')})`,
);

export const UPDATE = statement(
  'organizations.update',
  `UPDATE organizations
   SET name = :name, deleted_at = :deleted_at, updated_at = :updated_at, version = version + 1
   WHERE id = :id AND version = :version`,
);

/** Nobody is left who could do anything with them. */
export const ABANDONED = statement(
  'organizations.abandoned',
  `SELECT ${SELECTED} FROM organizations o
   WHERE ${ALIVE} AND NOT EXISTS (SELECT 1 FROM organization_memberships m WHERE m.organization_id = o.id)
   ORDER BY o.id LIMIT :limit`,
);

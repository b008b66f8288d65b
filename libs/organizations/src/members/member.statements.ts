import { statement } from '@platform/database';
import { type OrganizationRole } from '../contract';
import { pageSql } from '../organization-page';

/** A row as the statements below give it. */
export interface MembershipRow {
  organization_id: string;
  user_id: string;
  role: OrganizationRole;
  created_at: Date | string;
  updated_at: Date | string;
}

const COLUMNS = ['organization_id', 'user_id', 'role', 'created_at', 'updated_at'];
const SELECTED = COLUMNS.map((column) => `m.${column}`).join(', ');
const ONE = 'organization_id = :organization_id AND user_id = :user_id';
const IN_ONE = 'FROM organization_memberships m WHERE m.organization_id = :organization_id';
const OLDEST_FIRST = 'm.created_at, m.user_id';

export const FIND = statement(
  'organizations.find_membership',
  `SELECT ${COLUMNS.join(', ')} FROM organization_memberships WHERE ${ONE}`,
);

/** The role in an organization that is open; one that is deleted has no members. */
export const ROLE = statement(
  'organizations.role',
  `SELECT m.role FROM organization_memberships m JOIN organizations o ON o.id = m.organization_id
   WHERE m.organization_id = :organization_id AND m.user_id = :user_id AND o.deleted_at IS NULL`,
);

export const PAGE = statement(
  'organizations.page_members',
  pageSql(SELECTED, IN_ONE, OLDEST_FIRST, `ORDER BY ${OLDEST_FIRST} LIMIT :limit OFFSET :skip`),
);
export const PAGE_AFTER = statement(
  'organizations.page_members_after',
  pageSql(
    SELECTED,
    IN_ONE,
    OLDEST_FIRST,
    `AND (m.created_at, m.user_id) > (:after, :after_id) ORDER BY ${OLDEST_FIRST} LIMIT :limit`,
  ),
);

/** Touches no row when the person is a member already. */
export const INSERT = statement(
  'organizations.add_member',
  `INSERT INTO organization_memberships (${COLUMNS.join(', ')})
   VALUES (:organization_id, :user_id, :role, :now, :now)
   ON CONFLICT (organization_id, user_id) DO NOTHING`,
);
export const SET_ROLE = statement(
  'organizations.set_role',
  `UPDATE organization_memberships SET role = :role, updated_at = :now WHERE ${ONE}`,
);
export const DELETE = statement('organizations.remove_member', `DELETE FROM organization_memberships WHERE ${ONE}`);
export const DELETE_ALL = statement(
  'organizations.remove_all_members',
  'DELETE FROM organization_memberships WHERE organization_id = :organization_id',
);
export const ALL_IDS = statement(
  'organizations.member_ids',
  'SELECT user_id FROM organization_memberships WHERE organization_id = :organization_id ORDER BY user_id',
);

/** How many members, and how many owners besides the person. */
export const COUNT = statement(
  'organizations.count_members',
  `SELECT COUNT(*) AS members,
     COUNT(CASE WHEN role = 'owner' AND user_id <> :user_id THEN 1 END) AS other_owners
   FROM organization_memberships WHERE organization_id = :organization_id`,
);

const OWNS = `EXISTS (
     SELECT 1 FROM organization_memberships m
     WHERE m.organization_id = o.id AND m.user_id = :user_id AND m.role = 'owner')`;
const OWNED = `SELECT o.id, o.name, ${OWNS} AS owns FROM organizations o
   WHERE o.deleted_at IS NULL AND (o.created_by = :user_id OR ${OWNS})
   ORDER BY o.id`;

/** The organizations that the person owns or founded, held until the transaction ends. */
export const LOCK_OWNED = statement('organizations.lock_owned', {
  postgres: `${OWNED} FOR UPDATE OF o`,
  sqlite: OWNED,
});

/** The open organizations that the person belongs to. */
export const TENANTS = statement(
  'organizations.tenants_of',
  `SELECT m.organization_id AS id FROM organization_memberships m JOIN organizations o ON o.id = m.organization_id
   WHERE m.user_id = :user_id AND o.deleted_at IS NULL ORDER BY m.organization_id`,
);

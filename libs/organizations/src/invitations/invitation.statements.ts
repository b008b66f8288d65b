import { statement } from '@platform/database';
import { type InvitableRole } from '../contract';
import { pageSql } from '../organization-page';

/** A row as the statements below give it. */
export interface InvitationRow {
  id: string;
  organization_id: string;
  email: string;
  role: InvitableRole;
  token_hash: string;
  invited_by: string | null;
  expires_at: Date | string;
  accepted_at: Date | string | null;
  accepted_by: string | null;
  revoked_at: Date | string | null;
  version: number;
  created_at: Date | string;
  updated_at: Date | string;
}

const COLUMNS = [
  'id',
  'organization_id',
  'email',
  'role',
  'token_hash',
  'invited_by',
  'expires_at',
  'accepted_at',
  'accepted_by',
  'revoked_at',
  'version',
  'created_at',
  'updated_at',
];
const SELECTED = COLUMNS.map((column) => `i.${column}`).join(', ');
const ALL = `SELECT ${COLUMNS.join(', ')} FROM organization_invitations`;
const PENDING = 'accepted_at IS NULL AND revoked_at IS NULL';
const PENDING_IN_ONE = `FROM organization_invitations i
  WHERE i.organization_id = :organization_id AND i.accepted_at IS NULL AND i.revoked_at IS NULL`;
const PENDING_OF_ONE = `FROM organization_invitations i
  WHERE i.invited_by = :invited_by AND i.accepted_at IS NULL AND i.revoked_at IS NULL`;
const NEWEST_FIRST = 'i.created_at DESC, i.id DESC';

export const FIND = statement('organizations.find_invitation', `${ALL} WHERE id = :id`);
export const FIND_BY_TOKEN = statement(
  'organizations.find_invitation_by_token',
  `${ALL} WHERE token_hash = :token_hash`,
);
export const FIND_PENDING = statement(
  'organizations.find_pending_invitation',
  `${ALL} WHERE organization_id = :organization_id AND id = :id AND ${PENDING}`,
);
export const FIND_PENDING_FOR = statement(
  'organizations.find_pending_invitation_for',
  `${ALL} WHERE organization_id = :organization_id AND email = :email AND ${PENDING}`,
);

export const PAGE = statement(
  'organizations.page_invitations',
  pageSql(SELECTED, PENDING_IN_ONE, NEWEST_FIRST, `ORDER BY ${NEWEST_FIRST} LIMIT :limit OFFSET :skip`),
);
export const PAGE_AFTER = statement(
  'organizations.page_invitations_after',
  pageSql(
    SELECTED,
    PENDING_IN_ONE,
    NEWEST_FIRST,
    `AND (i.created_at, i.id) < (:after, :after_id) ORDER BY ${NEWEST_FIRST} LIMIT :limit`,
  ),
);

/** Those that hold a seat: not accepted, not revoked, not expired. */
export const COUNT_OPEN = statement(
  'organizations.count_open_invitations',
  `SELECT COUNT(*) AS open FROM organization_invitations
   WHERE organization_id = :organization_id AND ${PENDING} AND expires_at > :now`,
);

/** Mailed since a time: what is mailed later expires later. Served by the index on the address. */
export const MAILED_SINCE = statement(
  'organizations.invitation_mailed_since',
  `SELECT COUNT(CASE WHEN organization_id = :organization_id THEN 1 END) AS of_organization,
     COUNT(CASE WHEN invited_by = :invited_by THEN 1 END) AS of_person
   FROM organization_invitations WHERE email = :email AND expires_at > :expiry`,
);

export const INSERT = statement(
  'organizations.insert_invitation',
  `INSERT INTO organization_invitations (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map((column) => `:${column}`).join(', ')})`,
);

export const UPDATE = statement(
  'organizations.update_invitation',
  `UPDATE organization_invitations
   SET token_hash = :token_hash, expires_at = :expires_at, accepted_at = :accepted_at, accepted_by = :accepted_by,
     revoked_at = :revoked_at, updated_at = :updated_at, version = version + 1
   WHERE id = :id AND version = :version`,
);

export const REMOVE_ALL = statement(
  'organizations.remove_all_invitations',
  'DELETE FROM organization_invitations WHERE organization_id = :organization_id',
);

const SENT = `SELECT o.id FROM organizations o WHERE EXISTS (
     SELECT 1 ${PENDING_OF_ONE} AND i.organization_id = o.id) ORDER BY o.id`;

/** The organizations that wait for somebody whom the person has invited, held until the transaction ends. */
export const LOCK_SENT = statement('organizations.lock_sent', { postgres: `${SENT} FOR UPDATE OF o`, sqlite: SENT });

export const REVOKE_SENT = statement(
  'organizations.revoke_sent_invitations',
  `UPDATE organization_invitations SET revoked_at = :now, updated_at = :now, version = version + 1
   WHERE invited_by = :invited_by AND ${PENDING}`,
);

/** What nobody can accept any more holds an address for nothing. */
export const PURGE = statement(
  'organizations.purge_invitations',
  `DELETE FROM organization_invitations WHERE id IN (
     SELECT id FROM organization_invitations WHERE expires_at < :before ORDER BY id LIMIT :limit)`,
);

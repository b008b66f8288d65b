import { type Dialect, statement, withFolding } from '@platform/database';
import { type Role } from './contract/users.roles';
import { type SubscriptionPlan, type SubscriptionStatus } from './entities/user.entity';

/** A row as the statements below give it. */
export interface UserRow {
  id: string;
  email: string;
  full_name: string | null;
  avatar_url: string | null;
  role: Role;
  is_active: boolean | number;
  subscription_status: SubscriptionStatus | null;
  subscription_plan: SubscriptionPlan | null;
  stripe_customer_id: string | null;
  apple_original_transaction_id: string | null;
  google_purchase_token: string | null;
  email_verified_at: Date | string | null;
  last_login_at: Date | string | null;
  login_count: number;
  version: number;
  created_at: Date | string;
  updated_at: Date | string;
}

/** A row of a page: the count of all matches beside one account, or beside none when the slice is empty. */
export type UserPageRow = { total: number | string } & (UserRow | { id: null });

const COLUMNS =
  'id, email, full_name, avatar_url, role, is_active, subscription_status, subscription_plan, stripe_customer_id, ' +
  'apple_original_transaction_id, google_purchase_token, email_verified_at, last_login_at, login_count, version, created_at, updated_at';

// A filter that is not given lets every row pass. PostgreSQL needs the casts to know the type of a lone NULL.
function matching(fold: (expression: string) => string): string {
  const holds = (column: string) => `${fold(column)} LIKE ${fold(':pattern')} ESCAPE '\\'`;
  return `
    (CAST(:is_active AS boolean) IS NULL OR is_active = :is_active)
    AND (CAST(:role AS varchar) IS NULL OR role = :role)
    AND (CAST(:pattern AS varchar) IS NULL OR ${holds('email')} OR ${holds('full_name')})`;
}

const NEWEST_FIRST = 'created_at DESC, id DESC';

const FIND = `SELECT ${COLUMNS} FROM users WHERE id = :id`;

export const FIND_BY_ID = statement('users.find', FIND);
// SQLite lets one writer in at a time; a row needs no lock there.
export const LOCK_BY_ID = statement('users.lock', { postgres: `${FIND} FOR UPDATE`, sqlite: FIND });
// Many may hold an account at once; nobody changes it with LOCK_BY_ID, or deletes it, meanwhile.
export const HOLD_BY_ID = statement('users.hold', { postgres: `${FIND} FOR KEY SHARE`, sqlite: FIND });
/** All accounts of a list of ids, which travels as JSON. */
export const FIND_BY_IDS = statement('users.find_by_ids', {
  postgres: `SELECT ${COLUMNS} FROM users
    WHERE id IN (SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(CAST(:ids AS jsonb)))`,
  sqlite: `SELECT ${COLUMNS} FROM users WHERE id IN (SELECT value FROM json_each(:ids))`,
});
export const FIND_BY_EMAIL = statement('users.find_by_email', `SELECT ${COLUMNS} FROM users WHERE email = :email`);

/** One slice and the count of all matches in one round trip. */
function page(slice: string): Record<Dialect, string> {
  return withFolding(
    (fold) => `
    SELECT counted.total, page.*
    FROM (SELECT COUNT(*) AS total FROM users WHERE ${matching(fold)}) counted
    LEFT JOIN (SELECT ${COLUMNS} FROM users WHERE ${matching(fold)} ${slice}) page ON TRUE
    ORDER BY ${NEWEST_FIRST}`,
  );
}

export const PAGE = statement('users.page', page(`ORDER BY ${NEWEST_FIRST} LIMIT :limit OFFSET :skip`));
export const PAGE_AFTER = statement(
  'users.page_after',
  page(`AND (created_at, id) < (:after, :after_id) ORDER BY ${NEWEST_FIRST} LIMIT :limit`),
);

/** Touches no row when the address is taken: two registrations at once make one account. */
export const INSERT = statement(
  'users.insert',
  `INSERT INTO users (id, email, full_name, avatar_url, role, is_active, email_verified_at, login_count, version,
     created_at, updated_at)
   VALUES (:id, :email, :full_name, :avatar_url, :role, :is_active, :email_verified_at, 0, 1, :created_at, :updated_at)
   ON CONFLICT (email) DO NOTHING`,
);

export const UPDATE = statement(
  'users.update',
  `UPDATE users
   SET full_name = :full_name, avatar_url = :avatar_url, role = :role, is_active = :is_active,
     updated_at = :updated_at, version = version + 1
   WHERE id = :id AND version = :version`,
);

export const COUNT_OTHER_SUPERADMINS = statement(
  'users.count_other_superadmins',
  `SELECT COUNT(*) AS others FROM users WHERE role = 'superadmin' AND is_active = :active AND id <> :id`,
);

/** The first proof counts. */
export const VERIFY_EMAIL = statement(
  'users.verify_email',
  `UPDATE users SET email_verified_at = :at, version = version + 1 WHERE id = :id AND email_verified_at IS NULL`,
);

/** Touches no row when the address is taken, or when the account has another one since it was read. */
export const MOVE_TO_EMAIL = statement(
  'users.move_to_email',
  `UPDATE users SET email = :email, email_verified_at = :at, updated_at = :at, version = version + 1
   WHERE id = :id AND email = :seen AND NOT EXISTS (SELECT 1 FROM users WHERE email = :email)`,
);

/** Touches no row of an account that is shut out. Counts as a change: an admin's entity tag covers these columns, too. */
export const RECORD_LOGIN = statement(
  'users.record_login',
  `UPDATE users SET last_login_at = :at, login_count = login_count + 1, version = version + 1
   WHERE id = :id AND is_active = :active`,
);

/** As {@link RECORD_LOGIN}, and no row of an account whose last sign-in is recent: of many who count at once, one does. */
export const RECORD_LATER_LOGIN = statement(
  'users.record_later_login',
  `UPDATE users SET last_login_at = :at, login_count = login_count + 1, version = version + 1
   WHERE id = :id AND is_active = :active AND (last_login_at IS NULL OR last_login_at < :before)`,
);

import { statement } from '@platform/database';

/** A row as the statements below give it. */
export interface AccountDeletionRow {
  id: string;
  user_id: string;
  requested_at: Date | string;
  due_at: Date | string;
  blocked_at: Date | string | null;
  erased_at: Date | string | null;
}

const FIND = `SELECT id, user_id, requested_at, due_at, blocked_at, erased_at FROM account_deletions`;

export const FIND_BY_ID = statement('users.find_deletion', `${FIND} WHERE id = :id`);
// SQLite lets one writer in at a time; a row needs no lock there.
export const LOCK_BY_ID = statement('users.lock_deletion', {
  postgres: `${FIND} WHERE id = :id FOR UPDATE`,
  sqlite: `${FIND} WHERE id = :id`,
});
export const FIND_PENDING = statement(
  'users.find_pending_deletion',
  `${FIND} WHERE user_id = :user_id AND erased_at IS NULL`,
);

/** Those that were blocked lately are left alone until `blocked_before`. */
export const FIND_DUE = statement(
  'users.find_due_deletions',
  `SELECT id FROM account_deletions
   WHERE erased_at IS NULL AND due_at <= :now AND (blocked_at IS NULL OR blocked_at <= :blocked_before)
   ORDER BY due_at LIMIT :limit`,
);

export const ADD = statement(
  'users.add_deletion',
  `INSERT INTO account_deletions (id, user_id, requested_at, due_at) VALUES (:id, :user_id, :requested_at, :due_at)`,
);

export const CANCEL = statement(
  'users.cancel_deletion',
  `DELETE FROM account_deletions WHERE user_id = :user_id AND erased_at IS NULL`,
);

export const BLOCK = statement('users.block_deletion', `UPDATE account_deletions SET blocked_at = :now WHERE id = :id`);

export const CONCLUDE = statement(
  'users.conclude_deletion',
  `UPDATE account_deletions SET erased_at = :now WHERE id = :id AND erased_at IS NULL`,
);

import { statement } from '@platform/database';

/** A row as the statements below give it. */
export interface ApiKeyRow {
  id: string;
  user_id: string;
  name: string;
  prefix: string;
  key_hash: string;
  previous_hash: string | null;
  previous_expires_at: Date | string | null;
  scopes: unknown;
  second_factor: boolean | number;
  expires_at: Date | string;
  last_used_at: Date | string | null;
  revoked_at: Date | string | null;
  version: number;
  created_at: Date | string;
  updated_at: Date | string;
}

/** A row of a page: the count of all matches beside one key, or beside none when the slice is empty. */
export type ApiKeyPageRow = { total: number | string } & (ApiKeyRow | { id: null });

const COLUMNS =
  'id, user_id, name, prefix, key_hash, previous_hash, previous_expires_at, scopes, second_factor, expires_at, ' +
  'last_used_at, revoked_at, version, created_at, updated_at';
const OWN = 'user_id = :user_id AND revoked_at IS NULL';
const NEWEST_FIRST = 'created_at DESC, id DESC';

/** One slice and the count of all matches in one round trip. */
function page(slice: string): string {
  return `
    SELECT counted.total, page.*
    FROM (SELECT COUNT(*) AS total FROM api_keys WHERE ${OWN}) counted
    LEFT JOIN (SELECT ${COLUMNS} FROM api_keys WHERE ${OWN} ${slice}) page ON TRUE
    ORDER BY ${NEWEST_FIRST}`;
}

const FIND = `SELECT ${COLUMNS} FROM api_keys WHERE id = :id AND ${OWN}`;

export const FIND_OWN = statement('auth.find_own_api_key', FIND);
// SQLite lets one writer in at a time; a row needs no lock there.
export const LOCK_OWN = statement('auth.lock_own_api_key', { postgres: `${FIND} FOR UPDATE`, sqlite: FIND });

/** The key of a hash, or the one that it was before the last rotation; each by its unique index. */
export const FIND_BY_HASH = statement(
  'auth.find_api_key_by_hash',
  `SELECT ${COLUMNS} FROM api_keys WHERE (key_hash = :hash OR previous_hash = :hash) AND revoked_at IS NULL`,
);

export const PAGE = statement('auth.page_api_keys', page(`ORDER BY ${NEWEST_FIRST} LIMIT :limit OFFSET :skip`));
export const PAGE_AFTER = statement(
  'auth.page_api_keys_after',
  page(`AND (created_at, id) < (:after, :after_id) ORDER BY ${NEWEST_FIRST} LIMIT :limit`),
);

export const LIVING = statement(
  'auth.living_api_keys',
  `SELECT ${COLUMNS} FROM api_keys WHERE ${OWN} AND expires_at > :now ORDER BY ${NEWEST_FIRST}`,
);

export const COUNT_GOOD = statement(
  'auth.count_good_api_keys',
  `SELECT COUNT(*) AS good FROM api_keys WHERE ${OWN} AND expires_at > :now`,
);

export const INSERT = statement(
  'auth.insert_api_key',
  `INSERT INTO api_keys (${COLUMNS})
   VALUES (:id, :user_id, :name, :prefix, :key_hash, :previous_hash, :previous_expires_at, :scopes, :second_factor,
     :expires_at, :last_used_at, :revoked_at, :version, :created_at, :updated_at)`,
);

const END = 'UPDATE api_keys SET revoked_at = :now, updated_at = :now, version = version + 1';
const ENDED = 'RETURNING id, key_hash, previous_hash';

/** All of a person that are not revoked; PostgreSQL locks in the order of ids, as {@link RECORD_USE} does. */
export const END_ALL = statement('auth.end_api_keys', {
  postgres: `${END} WHERE id IN (SELECT id FROM api_keys WHERE ${OWN} ORDER BY id FOR UPDATE) ${ENDED}`,
  sqlite: `${END} WHERE ${OWN} ${ENDED}`,
});

export const UPDATE = statement(
  'auth.update_api_key',
  `UPDATE api_keys
   SET name = :name, prefix = :prefix, key_hash = :key_hash, previous_hash = :previous_hash,
     previous_expires_at = :previous_expires_at, revoked_at = :revoked_at, updated_at = :updated_at,
     version = version + 1
   WHERE id = :id AND version = :version`,
);

/**
 * Moves the time of keys that nobody moved since `stale`, whichever process saw them. Counts as a change: the entity tag
 * covers the column, too. PostgreSQL locks in the order of ids, so that two processes never wait for each other.
 */
export const RECORD_USE = statement('auth.record_use_of_api_keys', {
  postgres: `UPDATE api_keys SET last_used_at = :at, version = version + 1
    WHERE id IN (
      SELECT id FROM api_keys
      WHERE id IN (SELECT CAST(jsonb_array_elements_text(CAST(:ids AS jsonb)) AS uuid))
        AND (last_used_at IS NULL OR last_used_at < :stale)
      ORDER BY id FOR UPDATE)`,
  sqlite: `UPDATE api_keys SET last_used_at = :at, version = version + 1
    WHERE id IN (SELECT value FROM json_each(:ids)) AND (last_used_at IS NULL OR last_used_at < :stale)`,
});

export const PURGE = statement(
  'auth.purge_api_keys',
  `DELETE FROM api_keys WHERE id IN
     (SELECT id FROM api_keys WHERE expires_at < :before OR revoked_at < :before ORDER BY id LIMIT :limit)`,
);

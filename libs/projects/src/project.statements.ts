import { statement, withFolding } from '@platform/database';

/** A row as the statements below give it. */
export interface ProjectRow {
  id: string;
  name: string;
  description: string | null;
  owner_id: string;
  version: number;
  deleted_at: Date | string | null;
  created_at: Date | string;
  updated_at: Date | string;
}

/** A row of a page: the count of all matches beside one project, or beside none when the slice is empty. */
export type ProjectPageRow = { total: number | string } & (ProjectRow | { id: null });

const COLUMNS = 'id, name, description, owner_id, version, deleted_at, created_at, updated_at';
const OWN = 'owner_id = :owner_id AND deleted_at IS NULL';
const NEWEST_FIRST = 'created_at DESC, id DESC';

/** One slice and the count of all matches in one round trip. */
function page(where: string, order: string, slice: string): string {
  return `
    SELECT counted.total, page.*
    FROM (SELECT COUNT(*) AS total FROM projects WHERE ${where}) counted
    LEFT JOIN (SELECT ${COLUMNS} FROM projects WHERE ${where} ${slice}) page ON TRUE
    ORDER BY ${order}`;
}

/** The slice at a position. */
function pageAt(where: string, order: string): string {
  return page(where, order, `ORDER BY ${order} LIMIT :limit OFFSET :skip`);
}

/** The page after a row: keyset paging. */
function pageAfter(where: string, order: string, after: string): string {
  return page(where, order, `AND ${after} ORDER BY ${order} LIMIT :limit`);
}

type Fold = (expression: string) => string;

function matching(fold: Fold): string {
  return `${OWN} AND ${fold('name')} LIKE ${fold(':pattern')} ESCAPE '\\'`;
}

function byName(fold: Fold): string {
  return `${fold('name')}, id`;
}

const FIND = `SELECT ${COLUMNS} FROM projects WHERE id = :id AND ${OWN}`;
const FIND_ANY = `SELECT ${COLUMNS} FROM projects WHERE id = :id`;

export const FIND_OWN = statement('projects.find_own', FIND);
// SQLite lets one writer in at a time; a row needs no lock there.
export const LOCK_OWN = statement('projects.lock_own', { postgres: `${FIND} FOR UPDATE`, sqlite: FIND });
export const LOCK_ANY = statement('projects.lock_any', { postgres: `${FIND_ANY} FOR UPDATE`, sqlite: FIND_ANY });

export const PAGE_NEWEST = statement('projects.page_newest', pageAt(OWN, NEWEST_FIRST));
export const PAGE_NEWEST_AFTER = statement(
  'projects.page_newest_after',
  pageAfter(OWN, NEWEST_FIRST, '(created_at, id) < (:after, :after_id)'),
);
export const PAGE_MATCHING = statement(
  'projects.page_matching',
  withFolding((fold) => pageAt(matching(fold), byName(fold))),
);
export const PAGE_MATCHING_AFTER = statement(
  'projects.page_matching_after',
  withFolding((fold) => pageAfter(matching(fold), byName(fold), `(${byName(fold)}) > (${fold(':after')}, :after_id)`)),
);

export const INSERT = statement(
  'projects.insert',
  `INSERT INTO projects (${COLUMNS})
   VALUES (:id, :name, :description, :owner_id, :version, :deleted_at, :created_at, :updated_at)`,
);

export const UPDATE = statement(
  'projects.update',
  `UPDATE projects
   SET name = :name, description = :description, deleted_at = :deleted_at, updated_at = :updated_at,
     version = version + 1
   WHERE id = :id AND version = :version`,
);

export const PURGE = statement(
  'projects.purge',
  'DELETE FROM projects WHERE id IN (SELECT id FROM projects WHERE deleted_at < :before ORDER BY id LIMIT :limit)',
);

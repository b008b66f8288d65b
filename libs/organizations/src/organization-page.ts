import { type OffsetPage } from '@platform/kernel';
import { type Cursors, type ListPlace } from '@platform/security';

/** Which slice of a list. */
export interface SliceQuery {
  skip: number;
  limit: number;
  /** Continue after the page that gave it; `skip` does not count then. */
  cursor?: string;
}

/** A slice of a list and the way to the next one; null on the last. */
export interface Slice<T> extends OffsetPage<T> {
  readonly nextCursor: string | null;
}

/** A row of a page: the count of all matches beside one row, or beside none when the slice is empty. */
export type Counted<R> = { total: number | string } & (R | { [K in keyof R]: null });

/** The statement of one slice and the count of all matches, in one round trip. */
export function pageSql(columns: string, from: string, order: string, slice: string): string {
  return `
    SELECT counted.total, page.*
    FROM (SELECT COUNT(*) AS total ${from}) counted
    LEFT JOIN (SELECT ${columns} ${from} ${slice}) page ON TRUE
    ORDER BY ${order.replaceAll(/\b[a-z]\./g, '')}`;
}

/** One more than asked for tells whether others follow. */
export function sliceParameters({ limit, skip }: SliceQuery, after: ListPlace | undefined) {
  return { limit: limit + 1, skip, after: after?.key, after_id: after?.id };
}

/** The slice that the rows of {@link pageSql} are. @param list names the list for its cursors */
export function sliceOf<R extends object, T>(
  rows: readonly Counted<R>[],
  query: SliceQuery,
  read: { list: string; cursors: Cursors; map: (row: R) => T; place: (item: T) => ListPlace },
): Slice<T> {
  const { limit, skip } = query;
  // Beside an empty slice stands one row without a key.
  const found = rows.filter((row) => Object.entries(row).some(([name, value]) => name !== 'total' && value !== null));
  const items = found.slice(0, limit).map((row) => read.map(row as unknown as R));
  const last = found.length > limit ? items.at(-1) : undefined;
  const nextCursor = last === undefined ? null : read.cursors.after(read.list, read.place(last));
  return { items, total: Number(rows[0]?.total ?? 0), skip, limit, nextCursor };
}

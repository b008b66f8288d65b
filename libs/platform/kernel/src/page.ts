/** Which page of a list: after a cursor, else at a position. */
export interface PageQuery {
  /** Matches to leave out before the page; does not count with a cursor. */
  readonly skip: number;
  /** Items of the page, 1–100. */
  readonly limit: number;
  /** Continue after the page that gave it. */
  readonly cursor?: string | undefined;
}

/** A page of a list, with the number of all matches. */
export interface Page<T> {
  readonly items: T[];
  readonly total: number;
  readonly skip: number;
  readonly limit: number;
  /** Opaque and signed; null on the last page. */
  readonly nextCursor: string | null;
}

/** The page with each item put through `map`. */
export function mapPage<S, T>(page: Page<S>, map: (item: S) => T): Page<T> {
  return { ...page, items: page.items.map(map) };
}

/** The page of whoever may see nothing of a list. */
export function emptyPage<T>({ limit, skip }: PageQuery): Page<T> {
  return { items: [], total: 0, skip, limit, nextCursor: null };
}

/** Bounds shared by every list: `limit` 1–100, default 20. */
export const PAGE_LIMIT = { default: 20, max: 100 } as const;

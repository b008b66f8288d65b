/** A slice by position, with the number of all matches. */
export interface OffsetPage<T> {
  readonly items: T[];
  readonly total: number;
  readonly skip: number;
  readonly limit: number;
}

/** A page that follows a position in the list's order (keyset), with the way to the next. */
export interface CursorPage<T> {
  readonly items: T[];
  readonly limit: number;
  /** Opaque and signed; null on the last page. */
  readonly nextCursor: string | null;
}

/** Bounds shared by every list: `limit` 1–100, default 20. */
export const PAGE_LIMIT = { default: 20, max: 100 } as const;

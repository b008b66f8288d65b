/** What a rate limit may read of a call. */
export interface LimitedCall {
  /** As it came, before it is validated. */
  readonly body: unknown;
  readonly headers: { readonly cookie?: string };
}

/** Whom a call is about. */
export interface CallKey {
  /** At most 100 characters, nothing personal in the clear: it stands in Redis. */
  readonly value: string;
  /** Whose key it is, where it is signed, so that only they can show it. Absent: anybody can say it. */
  readonly holder?: string;
}

/**
 * Reads from a call to a public route whom it is about: an account, a session. A domain provides it, and its routes name
 * it: `@RateLimit('auth.login', AccountKey)`. It asks neither database nor Redis, because it runs before the limit.
 */
export abstract class RateLimitKey {
  /** What it counts by, for people: `account`. */
  abstract readonly countsBy: string;

  /** Null when the call names nobody. */
  abstract of(call: LimitedCall): CallKey | null;
}

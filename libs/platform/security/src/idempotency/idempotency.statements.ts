import { type Statement, statement } from '@platform/database';
import { type IdempotencyState } from './entities/idempotency-record.entity';

/** What {@link FIND} gives; booleans are 0 and 1 on SQLite. */
export interface IdempotencyRow {
  fingerprint: string;
  state: IdempotencyState;
  status: number | null;
  headers: unknown;
  body: string | null;
  locked: boolean | number;
  expired: boolean | number;
}

/** The present of the database and instants after it: a process with a wrong clock can neither steal nor hold a lock. */
const CLOCKS = {
  postgres: {
    now: 'clock_timestamp()',
    lockEnd: 'clock_timestamp() + make_interval(secs => :lock_seconds)',
    keyEnd: 'clock_timestamp() + make_interval(secs => :ttl_seconds)',
  },
  sqlite: {
    now: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now')`,
    lockEnd: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+' || :lock_seconds || ' seconds')`,
    keyEnd: `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+' || :ttl_seconds || ' seconds')`,
  },
} as const;

type DatabaseClock = { readonly [Name in keyof (typeof CLOCKS)['postgres']]: string };

function timed(name: string, sql: (clock: DatabaseClock) => string): Statement {
  return statement(name, { postgres: sql(CLOCKS.postgres), sqlite: sql(CLOCKS.sqlite) });
}

/** Claim a key that nobody has: one row, or none when somebody has. */
export const CLAIM = timed(
  'idempotency.claim',
  ({ now, lockEnd, keyEnd }) => `
    INSERT INTO "idempotency_keys"
      ("id", "scope", "key", "fingerprint", "state", "claim", "locked_until", "created_at", "expires_at")
    VALUES (:id, :scope, :key, :fingerprint, 'in_progress', :claim, ${lockEnd}, ${now}, ${keyEnd})
    ON CONFLICT ("scope", "key") DO NOTHING`,
);

/** What is known of a key. */
export const FIND = timed(
  'idempotency.find',
  ({ now }) => `
    SELECT "fingerprint", "state", "status", "headers", "body",
      "locked_until" > ${now} AS "locked", "expires_at" <= ${now} AS "expired"
    FROM "idempotency_keys" WHERE "scope" = :scope AND "key" = :key`,
);

/**
 * Claim a key whose holder died or whose time is over; none when somebody was quicker: another heir has a new lock,
 * and a holder who was only slow has completed.
 */
export const TAKE_OVER = timed(
  'idempotency.take_over',
  ({ now, lockEnd, keyEnd }) => `
    UPDATE "idempotency_keys"
    SET "fingerprint" = :fingerprint, "state" = 'in_progress', "claim" = :claim, "locked_until" = ${lockEnd},
      "created_at" = ${now}, "expires_at" = ${keyEnd}, "status" = NULL, "headers" = NULL, "body" = NULL
    WHERE "scope" = :scope AND "key" = :key
      AND ("expires_at" <= ${now} OR ("state" = 'in_progress' AND "locked_until" <= ${now}))`,
);

/** Keep the answer of the holder; none when the claim was lost. */
export const COMPLETE = statement(
  'idempotency.complete',
  `UPDATE "idempotency_keys" SET "state" = :state, "status" = :status, "headers" = :headers, "body" = :body
   WHERE "scope" = :scope AND "key" = :key AND "claim" = :claim AND "state" = 'in_progress'`,
);

/** Give the key back. */
export const RELEASE = statement(
  'idempotency.release',
  `DELETE FROM "idempotency_keys"
   WHERE "scope" = :scope AND "key" = :key AND "claim" = :claim AND "state" = 'in_progress'`,
);

/** Remove a bounded number of keys whose time is over. */
export const PURGE = statement(
  'idempotency.purge',
  `DELETE FROM "idempotency_keys" WHERE "id" IN
     (SELECT "id" FROM "idempotency_keys" WHERE "expires_at" <= :now ORDER BY "expires_at" LIMIT :batch)`,
);

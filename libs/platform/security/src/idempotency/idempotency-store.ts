import { Injectable, Logger } from '@nestjs/common';
import { Database, fromJson } from '@platform/database';
import { Ids } from '@platform/kernel';
import { IdempotencyConfig } from './idempotency.config';
import { IdempotencyAnswerNotKept, IdempotencyInProgress, IdempotencyKeyReused } from './idempotency.errors';
import * as sql from './idempotency.statements';

/** The right to do the work of a key once. */
export interface IdempotencyClaim {
  readonly scope: string;
  readonly key: string;
  /** Differs for every attempt. */
  readonly claim: string;
}

/** An answer as it was sent and as it is repeated. */
export interface StoredResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for an answer without a body. */
  readonly body: string | null;
}

/** What {@link IdempotencyStore.begin} found: do the work, or send this. */
export type IdempotencyOutcome =
  | { readonly kind: 'claimed'; readonly claim: IdempotencyClaim }
  | { readonly kind: 'replay'; readonly response: StoredResponse };

/** Larger answers are not kept, bytes. */
export const MOST_RESPONSE_BYTES = 262_144;

/** Times that a key may slip away between two statements before the caller is sent to wait. */
const ATTEMPTS = 5;
const PURGE_BATCH = 1_000;

/** Lets a request that is sent twice work once: the first answer is stored with the work and repeated. */
@Injectable()
export class IdempotencyStore {
  private readonly logger = new Logger('Idempotency');

  constructor(
    private readonly database: Database,
    private readonly config: IdempotencyConfig,
    private readonly ids: Ids,
  ) {}

  /**
   * Claim the key, visible to all at once. Call before the unit of work opens its transaction.
   * @param scope made by `idempotencyScope`
   * @param fingerprint made by `idempotencyFingerprint`
   * @throws IdempotencyKeyReused, IdempotencyInProgress, IdempotencyAnswerNotKept
   */
  begin(scope: string, key: string, fingerprint: string): Promise<IdempotencyOutcome> {
    return this.database.detached(() => this.claimOrReplay({ scope, key, claim: this.ids.next() }, fingerprint));
  }

  /**
   * Keep the answer in the transaction of the work: both are committed or neither.
   * @throws IdempotencyInProgress when the work took longer than the lock and another attempt has the key: this
   * transaction must roll back, which the error sees to
   */
  async complete(claim: IdempotencyClaim, response: StoredResponse): Promise<void> {
    const fits = response.body === null || Buffer.byteLength(response.body) <= MOST_RESPONSE_BYTES;
    const stored = fits
      ? { state: 'completed', status: response.status, headers: response.headers, body: response.body }
      : { state: 'not_kept', status: response.status, headers: null, body: null };
    const kept = await this.database.transaction(() => this.database.execute(sql.COMPLETE, { ...claim, ...stored }));
    if (kept === 0) throw new IdempotencyInProgress();
  }

  /** Give the key back after a failure, when the transaction is over. Never throws: the lock ends by itself. */
  async release(claim: IdempotencyClaim): Promise<void> {
    try {
      await this.database.detached(() => this.database.execute(sql.RELEASE, { ...claim }));
    } catch (error) {
      const after = `it is free after ${this.config.lockSeconds} s`;
      this.logger.warn(`An idempotency key could not be given back, ${after}: ${(error as Error).message}`);
    }
  }

  /** Remove the keys whose time was over at `now`; returns how many. For the nightly schedule. */
  async purgeExpired(now: Date): Promise<number> {
    for (let removed = 0; ;) {
      const batch = await this.database.execute(sql.PURGE, { now, batch: PURGE_BATCH });
      removed += batch;
      if (batch < PURGE_BATCH) return removed;
    }
  }

  private async claimOrReplay(claim: IdempotencyClaim, fingerprint: string): Promise<IdempotencyOutcome> {
    const values = {
      ...claim,
      id: claim.claim,
      fingerprint,
      lock_seconds: this.config.lockSeconds,
      ttl_seconds: this.config.ttlHours * 3_600,
    };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if ((await this.database.execute(sql.CLAIM, values)) === 1) return { kind: 'claimed', claim };
      const [row] = await this.database.query<sql.IdempotencyRow>(sql.FIND, { scope: claim.scope, key: claim.key });
      // Given back between the two statements: claim again.
      if (!row) continue;
      if (!row.expired) {
        const response = answerOf(row, fingerprint);
        if (response) return { kind: 'replay', response };
      }
      if ((await this.database.execute(sql.TAKE_OVER, values)) === 1) return { kind: 'claimed', claim };
    }
    throw new IdempotencyInProgress();
  }
}

/** The answer of a key that counts; undefined when its holder died. */
function answerOf(row: sql.IdempotencyRow, fingerprint: string): StoredResponse | undefined {
  if (row.fingerprint !== fingerprint) throw new IdempotencyKeyReused();
  if (row.state === 'not_kept') throw new IdempotencyAnswerNotKept();
  if (row.state === 'completed') {
    const headers = fromJson<Record<string, string> | null>(row.headers) ?? {};
    return { status: row.status ?? 200, headers, body: row.body };
  }
  if (row.locked) throw new IdempotencyInProgress();
  return undefined;
}

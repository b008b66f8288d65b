import { Injectable } from '@nestjs/common';
import { Cache } from '@platform/cache';
import { Database, fromJson, type Parameters, type Statement, toDate } from '@platform/database';
import { type Actor, type OffsetPage, personScope } from '@platform/kernel';
import { Cursors } from '@platform/security';
import { ApiKey } from '../entities/api-key.entity';
import * as sql from './api-key.statements';
import { ApiKeyChanged, ApiKeyNotFound } from './api-key.errors';

/** Which page of the actor's keys. */
export interface ApiKeyPageQuery {
  skip: number;
  limit: number;
  /** Continue after the page that gave it; `skip` does not count then. */
  cursor?: string;
}

/** A page of the list and the way to the next one; null on the last. */
export interface ApiKeyPage extends OffsetPage<ApiKey> {
  readonly nextCursor: string | null;
}

/** Cache key of the row behind a hash. */
export function apiKeyHashKey(hash: string): string {
  return `api-key:${hash}`;
}

/** Named queries on API keys. A lookup by an actor sees their own, whomever they act for. */
@Injectable()
export class ApiKeyRepository {
  constructor(
    private readonly database: Database,
    private readonly cursors: Cursors,
    private readonly cache: Cache,
  ) {}

  /** One of the actor's keys. @throws ApiKeyNotFound when missing, revoked or somebody else's. */
  mustFind(actor: Actor, id: string): Promise<ApiKey> {
    return this.one(sql.FIND_OWN, actor, id);
  }

  /** As {@link mustFind}, held against other changes until the transaction ends. */
  mustLock(actor: Actor, id: string): Promise<ApiKey> {
    return this.one(sql.LOCK_OWN, actor, id);
  }

  /** The key that has the hash, or had it before its last rotation; for callers who make actors and so have none. */
  async findByHash(hash: string): Promise<ApiKey | null> {
    const [row] = await this.database.query<sql.ApiKeyRow>(sql.FIND_BY_HASH, { hash });
    return row ? apiKeyOf(row) : null;
  }

  /**
   * The actor's keys with the count of all, newest first, in one round trip.
   * @throws ValidationFailed for a cursor of another list
   */
  async pageVisibleTo(actor: Actor, { cursor, limit, skip }: ApiKeyPageQuery): Promise<ApiKeyPage> {
    const owner = personScope(actor);
    const list = `api-keys:${owner}`;
    const after = this.cursors.read(list, cursor);
    const rows = await this.database.query<sql.ApiKeyPageRow>(after ? sql.PAGE_AFTER : sql.PAGE, {
      user_id: owner,
      after: after?.key,
      after_id: after?.id,
      // One more than asked for tells whether others follow.
      limit: limit + 1,
      skip,
    });
    const found = rows.flatMap((row) => (row.id === null ? [] : [apiKeyOf(row)]));
    const items = found.slice(0, limit);
    const last = found.length > limit ? items.at(-1) : undefined;
    const nextCursor = last ? this.cursors.after(list, { key: last.createdAt.toISOString(), id: last.id }) : null;
    return { items, total: Number(rows[0]?.total ?? 0), skip, limit, nextCursor };
  }

  /** Store a new key, unless its owner has `most` good ones; false then, also when several come at once. */
  async add(key: ApiKey, most: number): Promise<boolean> {
    await this.database.withLock(`auth.api_keys:${key.userId}`);
    const owned = { user_id: key.userId, now: key.createdAt };
    const [row] = await this.database.query<{ good: number | string }>(sql.COUNT_GOOD, owned);
    if (Number(row?.good ?? 0) >= most) return false;
    await this.database.execute(sql.INSERT, columnsOf(key));
    return true;
  }

  /**
   * Store the changes of a key; in no process is a hash of it known from a copy any more.
   * @param before the hashes that it had
   * @throws ApiKeyChanged when somebody else stored a change since it was read.
   */
  async save(key: ApiKey, before: readonly (string | null)[] = [key.keyHash, key.previousHash]): Promise<void> {
    if ((await this.database.execute(sql.UPDATE, columnsOf(key))) === 0) throw new ApiKeyChanged(key.id);
    key.version += 1;
    this.forget(before);
  }

  /** The keys of a person that work at the time, newest first; as many as one may have. */
  async livingOf(userId: string, now: Date): Promise<ApiKey[]> {
    return (await this.database.query<sql.ApiKeyRow>(sql.LIVING, { user_id: userId, now })).map(apiKeyOf);
  }

  /** Revoke all keys of a person; returns their ids. In no process is a hash of them known from a copy any more. */
  async endAllOf(userId: string, now: Date): Promise<string[]> {
    const rows = await this.database.query<Pick<sql.ApiKeyRow, 'id' | 'key_hash' | 'previous_hash'>>(sql.END_ALL, {
      user_id: userId,
      now,
    });
    for (const row of rows) this.forget([row.key_hash, row.previous_hash]);
    return rows.map(({ id }) => id);
  }

  /** Note that the keys were used at `at`, except those whose time is not older than `stale`; returns how many. */
  recordUse(ids: readonly string[], at: Date, stale: Date): Promise<number> {
    return this.database.execute(sql.RECORD_USE, { ids, at, stale });
  }

  /** Remove at most `limit` keys that ended before the time; returns how many. */
  purge(before: Date, limit: number): Promise<number> {
    return this.database.execute(sql.PURGE, { before, limit });
  }

  private forget(hashes: readonly (string | null)[]): void {
    for (const hash of hashes) if (hash !== null) this.cache.invalidate(apiKeyHashKey(hash));
  }

  private async one(statement: Statement, actor: Actor, id: string): Promise<ApiKey> {
    const [row] = await this.database.query<sql.ApiKeyRow>(statement, { id, user_id: personScope(actor) });
    if (!row) throw new ApiKeyNotFound(id);
    return apiKeyOf(row);
  }
}

function apiKeyOf(row: sql.ApiKeyRow): ApiKey {
  const key = new ApiKey();
  key.id = row.id;
  key.userId = row.user_id;
  key.name = row.name;
  key.prefix = row.prefix;
  key.keyHash = row.key_hash;
  key.previousHash = row.previous_hash;
  key.previousExpiresAt = timeOf(row.previous_expires_at);
  key.scopes = fromJson<string[]>(row.scopes);
  key.secondFactor = Boolean(row.second_factor);
  key.expiresAt = toDate(row.expires_at);
  key.lastUsedAt = timeOf(row.last_used_at);
  key.revokedAt = timeOf(row.revoked_at);
  key.version = row.version;
  key.createdAt = toDate(row.created_at);
  key.updatedAt = toDate(row.updated_at);
  return key;
}

function timeOf(value: Date | string | null): Date | null {
  return value === null ? null : toDate(value);
}

function columnsOf(key: ApiKey): Parameters {
  return {
    id: key.id,
    user_id: key.userId,
    name: key.name,
    prefix: key.prefix,
    key_hash: key.keyHash,
    previous_hash: key.previousHash,
    previous_expires_at: key.previousExpiresAt,
    scopes: key.scopes,
    second_factor: key.secondFactor,
    expires_at: key.expiresAt,
    last_used_at: key.lastUsedAt,
    revoked_at: key.revokedAt,
    version: key.version,
    created_at: key.createdAt,
    updated_at: key.updatedAt,
  };
}

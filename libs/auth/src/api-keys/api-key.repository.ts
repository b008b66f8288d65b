import { Injectable } from '@nestjs/common';
import { Cache } from '@platform/cache';
import { EntityStore, type NewRow, repositoryOf } from '@platform/database';
import { type Actor, type Page, type PageQuery, personScope } from '@platform/kernel';
import { ApiKey } from '../entities/api-key.entity';

const OWN = 'user_id = :person AND revoked_at IS NULL';
const END = 'UPDATE api_keys SET revoked_at = :now, updated_at = :now, version = version + 1';
const MOVE = 'UPDATE api_keys SET last_used_at = :at, version = version + 1';

/** Cache key of the row behind a hash. */
export function apiKeyHashKey(hash: string): string {
  return `api-key:${hash}`;
}

/** Named queries on API keys. A lookup by an actor sees their own, whomever they act for. */
@Injectable()
export class ApiKeyRepository extends repositoryOf(ApiKey, { resource: 'API key' }) {
  private readonly own = this.rows(OWN);
  private readonly newest = this.own.orderedBy('created_at DESC');
  private readonly good = this.own.and('expires_at > :now');
  private readonly goodNewest = this.good.orderedBy('created_at DESC');
  // Each by its unique index.
  private readonly hashed = this.rows('(key_hash = :hash OR previous_hash = :hash) AND revoked_at IS NULL');
  private readonly over = this.rows('expires_at < :before OR revoked_at < :before');

  /** All of a person that are not revoked; PostgreSQL locks in the order of ids, as {@link recording} does. */
  private readonly ending = this.statement('end', {
    postgres: `${END} WHERE id IN (SELECT id FROM api_keys WHERE ${OWN} ORDER BY id FOR UPDATE)
      RETURNING ${this.table.selected()}`,
    sqlite: `${END} WHERE ${OWN} RETURNING ${this.table.selected()}`,
  });
  /**
   * Moves the time of keys that nobody moved since `stale`, whichever process saw them. Counts as a change: the entity
   * tag covers the column, too. PostgreSQL locks in the order of ids, so that two processes never wait for each other.
   */
  private readonly recording = this.statement('record_use', {
    postgres: `${MOVE} WHERE id IN (
        SELECT id FROM api_keys
        WHERE id IN (SELECT CAST(jsonb_array_elements_text(CAST(:ids AS jsonb)) AS uuid))
          AND (last_used_at IS NULL OR last_used_at < :stale)
        ORDER BY id FOR UPDATE)`,
    sqlite: `${MOVE} WHERE id IN (SELECT value FROM json_each(:ids)) AND (last_used_at IS NULL OR last_used_at < :stale)`,
  });

  constructor(
    store: EntityStore,
    private readonly cache: Cache,
  ) {
    super(store);
  }

  /** One of the actor's keys. @throws NotFound when missing, revoked or somebody else's */
  mustFind(actor: Actor, id: string): Promise<ApiKey> {
    return this.own.mustFind({ id, person: personScope(actor) });
  }

  /** As {@link mustFind}, held until the transaction ends. @throws PreconditionFailed when `version` is not the present one */
  mustLock(actor: Actor, id: string, version?: number): Promise<ApiKey> {
    return this.own.mustLock({ id, person: personScope(actor) }, version);
  }

  /** The key that has the hash, or had it before its last rotation; for callers who make actors and so have none. */
  findByHash(hash: string): Promise<ApiKey | null> {
    return this.hashed.one({ hash });
  }

  /** The actor's keys, newest first. @throws ValidationFailed for a cursor of another list */
  pageVisibleTo(actor: Actor, query: PageQuery): Promise<Page<ApiKey>> {
    return this.newest.page({ person: personScope(actor) }, query);
  }

  /** Store a new key, unless its owner has `most` good ones; null then, also when several come at once. */
  async addUnlessFull(key: NewRow<ApiKey>, most: number): Promise<ApiKey | null> {
    await this.database.withLock(`auth.api_keys:${key.userId}`);
    const good = await this.good.count({ person: key.userId, now: this.store.clock.now() });
    return good >= most ? null : this.add(key);
  }

  /**
   * Store the changes of a key; in no process is a hash of it known from a copy any more.
   * @param before the hashes that it had
   * @throws PreconditionFailed when somebody else stored a change since it was read
   */
  override async save(key: ApiKey, before: readonly (string | null)[] = hashesOf(key)): Promise<void> {
    await super.save(key);
    this.forget(before);
  }

  /** The keys of a person that work at the time, newest first; as many as one may have. */
  livingOf(person: string, now: Date): Promise<ApiKey[]> {
    return this.goodNewest.all({ person, now });
  }

  /** Revoke all keys of a person; returns their ids. In no process is a hash of them known from a copy any more. */
  async endAllOf(person: string): Promise<string[]> {
    const ended = await this.entities(this.ending, { person, now: this.store.clock.now() });
    this.forget(ended.flatMap(hashesOf));
    return ended.map(({ id }) => id);
  }

  /** Note that the keys were used at `at`, except those whose time is not older than `stale`; returns how many. */
  recordUse(ids: readonly string[], at: Date, stale: Date): Promise<number> {
    return this.database.execute(this.recording, { ids, at, stale });
  }

  /** Remove keys that ended before the time; returns how many. */
  purge(before: Date): Promise<number> {
    return this.over.deleteInBatches({ before });
  }

  private forget(hashes: readonly (string | null)[]): void {
    for (const hash of hashes) if (hash !== null) this.cache.invalidate(apiKeyHashKey(hash));
  }
}

/** What a key is found by. */
export function hashesOf({ keyHash, previousHash }: ApiKey): (string | null)[] {
  return [keyHash, previousHash];
}

import { Injectable } from '@nestjs/common';
import { UserDirectory, userTag } from '@omni/users';
import { Cache } from '@platform/cache';
import { sha256Hex } from '@platform/crypto';
import { Actors } from '../access/actors';
import { type ApiKey } from '../entities/api-key.entity';
import { InvalidToken } from '../auth.errors';
import { ACTOR_TTL_MS, type Standing } from '../tokens/access-token.reader';
import { apiKeyHashKey, ApiKeyRepository } from './api-key.repository';

/** A key as it was shown: which one it is, and when what was shown ends. */
interface ShownKey {
  readonly key: ApiKey;
  readonly endsAt: Date;
}

/** Who stands behind a key, and until when. */
export interface Holding {
  readonly keyId: string;
  readonly endsAt: Date;
  readonly standing: Standing;
}

/**
 * Finds out who stands behind a key; with a warm cache without a query. Two copies, for they end at different events: the
 * row under its hash (revoked, rotated), and the narrowed actor under the key and its owner (demoted, shut out).
 */
@Injectable()
export class ApiKeyHolders {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly users: UserDirectory,
    private readonly actors: Actors,
    private readonly cache: Cache,
  ) {}

  /** @throws InvalidToken when there is no such key, or it is revoked */
  async find(secret: string): Promise<Holding> {
    const hash = sha256Hex(secret);
    const { endsAt, key } = await this.cache.getOrCompute(apiKeyHashKey(hash), ACTOR_TTL_MS, () => this.load(hash));
    const standing = await this.cache.getOrCompute(`api-key-actor:${key.id}`, ACTOR_TTL_MS, () => this.stand(key), {
      tags: [userTag(key.userId)],
    });
    return { keyId: key.id, endsAt, standing };
  }

  /** Throws rather than answer "none": what a stranger invents is not worth a place in the cache. */
  private async load(hash: string): Promise<ShownKey> {
    const key = await this.keys.findByHash(hash);
    if (!key) throw new InvalidToken('Invalid API key');
    const { expiresAt, previousExpiresAt, previousHash } = key;
    // Which of the two was found is not a secret: both are the caller's own hash.
    const isPrevious = previousHash === hash && previousExpiresAt !== null && previousExpiresAt < expiresAt;
    return { key, endsAt: isPrevious ? previousExpiresAt : expiresAt };
  }

  private async stand(key: ApiKey): Promise<Standing> {
    const user = await this.users.byId(key.userId);
    if (!user) return 'gone';
    if (!user.isActive) return 'deactivated';
    const owner = this.actors.of(user, { secondFactor: key.secondFactor });
    return this.actors.narrowed(owner, new Set(key.scopes), key.id);
  }
}

import { Injectable } from '@nestjs/common';
import { UserDirectory, userTag } from '@omni/users';
import { Cache } from '@platform/cache';
import { type Actor, Clock } from '@platform/kernel';
import { Metrics } from '@platform/observability';
import { sha256Hex } from '@platform/crypto';
import { Actors } from '../access/actors';
import { CredentialReader } from '../access/credential-reader';
import { ACTOR_TTL_MS, type CredentialStatus } from '../access/credential-status';
import { AccountDeactivated, InvalidToken } from '../auth.errors';
import { type ApiKey } from '../entities/api-key.entity';
import { isWellFormedApiKey, looksLikeApiKey } from './api-key-secret';
import { ApiKeyUsage } from './api-key-usage';
import { apiKeyHashKey, ApiKeyRepository } from './api-key.repository';

/** A key as it was shown: which one it is, and when what was shown ends. */
interface ShownKey {
  readonly key: ApiKey;
  readonly endsAt: Date;
}

/**
 * Reads API keys; with a warm cache without a query, and garbage never with one. Two copies, for they end at different
 * events: the row under its hash (revoked, rotated), and the narrowed actor under the key and its owner (demoted, shut
 * out).
 */
@Injectable()
export class ApiKeyReader extends CredentialReader {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly users: UserDirectory,
    private readonly actors: Actors,
    private readonly usage: ApiKeyUsage,
    private readonly cache: Cache,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
  ) {
    super();
  }

  recognises(credential: string): boolean {
    return looksLikeApiKey(credential);
  }

  /**
   * @throws InvalidToken
   * @throws AccountDeactivated
   */
  async read(credential: string): Promise<Actor> {
    if (!isWellFormedApiKey(credential)) throw this.invalid();
    const { endsAt, key } = await this.mustBeKnown(sha256Hex(credential));
    const status = await this.cache.getOrCompute(`api-key-actor:${key.id}`, ACTOR_TTL_MS, () => this.statusOf(key), {
      tags: [userTag(key.userId)],
    });
    if (endsAt.getTime() <= this.clock.now().getTime()) {
      this.metrics.authFailure('expired_token');
      throw new InvalidToken('API key has expired');
    }
    if (status === 'deactivated') throw new AccountDeactivated();
    if (status === 'gone') throw this.invalid();
    this.usage.note(key.id);
    // The cached actor serves both secrets of a rotated key; the end is that of the one that was shown.
    return { ...status, expiresAt: endsAt };
  }

  private async mustBeKnown(hash: string): Promise<ShownKey> {
    try {
      return await this.cache.getOrCompute(apiKeyHashKey(hash), ACTOR_TTL_MS, () => this.load(hash));
    } catch (error) {
      throw error instanceof InvalidToken ? this.invalid() : error;
    }
  }

  /** Throws rather than answer "none": what a stranger invents is not worth a place in the cache. */
  private async load(hash: string): Promise<ShownKey> {
    const key = await this.keys.findByHash(hash);
    if (!key) throw new InvalidToken();
    const { expiresAt, previousExpiresAt, previousHash } = key;
    // Which of the two was found is not a secret: both are the caller's own hash.
    const isPrevious = previousHash === hash && previousExpiresAt !== null && previousExpiresAt < expiresAt;
    return { key, endsAt: isPrevious ? previousExpiresAt : expiresAt };
  }

  private async statusOf(key: ApiKey): Promise<CredentialStatus> {
    const user = await this.users.byId(key.userId);
    if (!user) return 'gone';
    if (!user.isActive) return 'deactivated';
    const owner = this.actors.of(user, { secondFactor: key.secondFactor });
    return this.actors.narrowed(owner, new Set(key.scopes), key.id);
  }

  private invalid(): InvalidToken {
    this.metrics.authFailure('invalid_token');
    return new InvalidToken('Invalid API key');
  }
}

import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@platform/audit';
import { applyChanges, changeableValues, Transactional } from '@platform/database';
import { type Actor, Clock, type JsonObject, type Page, type PageQuery } from '@platform/kernel';
import { Events } from '@platform/queue';
import { sha256Hex } from '@platform/crypto';
import { SecondFactorRequired } from '@platform/security';
import { ApiKeyEnded } from '../contract';
import { type ApiKey } from '../entities/api-key.entity';
import { SessionsService } from '../sessions/sessions.service';
import { ApiKeyRules, MANAGE_API_KEYS, type NewApiKey } from './api-key-rules';
import { newApiKey, shownPrefix } from './api-key-secret';
import { ApiKeyExpired, TooManyApiKeys } from './api-key.errors';
import { ApiKeyRepository, hashesOf } from './api-key.repository';

const DAY_MS = 86_400_000;
/** Days that a key is kept after its end, for whoever asks what it was. */
const KEPT_DAYS = 30;

/** A key and the one readable copy of it. */
export interface ReadableApiKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** Published operations on API keys: a person has them for themselves, whomever they act for. */
@Injectable()
export class ApiKeysService {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly rules: ApiKeyRules,
    private readonly sessions: SessionsService,
    private readonly events: Events,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /**
   * A page of the actor's keys, newest first; expired ones until they are purged, revoked ones not.
   * @throws ValidationFailed for a cursor of another list
   */
  page(actor: Actor, query: PageQuery): Promise<Page<ApiKey>> {
    return this.keys.pageVisibleTo(actor, query);
  }

  /** One of the actor's keys. @throws NotFound (404) when it is missing, revoked or somebody else's */
  read(actor: Actor, id: string): Promise<ApiKey> {
    return this.keys.mustFind(actor, id);
  }

  /**
   * Make a key with some of the actor's permissions. It remembers whether their session had a second factor.
   * @returns the key and the only readable copy of it
   * @throws ScopeNotForKeys
   * @throws ScopeNotHeld
   * @throws SecondFactorRequired for a permission that the session does not carry yet
   * @throws ExpiryOutOfBounds
   * @throws TooManyApiKeys
   */
  @Transactional()
  async create(actor: Actor, input: NewApiKey): Promise<ReadableApiKey> {
    await this.sessions.hold(actor);
    const secret = newApiKey();
    const key = await this.keys.addUnlessFull(this.rules.draft(actor, input, secret), this.rules.mostPerUser);
    if (!key) throw new TooManyApiKeys(this.rules.mostPerUser);
    this.note(key, { after: valuesOf(key), second_factor: key.secondFactor });
    return { key, secret };
  }

  /**
   * Give a key of the actor another name.
   * @returns the key as stored
   * @throws NotFound (404); PreconditionFailed (412) when `version` is given and is not the present one
   */
  @Transactional()
  async rename(actor: Actor, id: string, name: string, version?: number): Promise<ApiKey> {
    const key = await this.keys.mustLock(actor, id, version);
    const before = changeableValues(key);
    if (applyChanges(key, { name }).length === 0) return key;
    await this.keys.save(key);
    this.note(key, { before, after: changeableValues(key) });
    return key;
  }

  /**
   * Replace what a key of the actor is shown by; name, scopes and end stay. The old secret is good for `graceMinutes`
   * more, or ends now with `ApiKeyEnded`.
   * @returns the key and the only readable copy of the new secret
   * @throws NotFound (404)
   * @throws ApiKeyExpired
   * @throws GraceTooLong
   * @throws SecondFactorRequired when the key was made with a second factor and this session has none
   */
  @Transactional()
  async rotate(actor: Actor, id: string, graceMinutes = 0): Promise<ReadableApiKey> {
    await this.sessions.hold(actor);
    const key = await this.keys.mustLock(actor, id);
    if (key.expiresAt.getTime() <= this.clock.now().getTime()) throw new ApiKeyExpired();
    // Else a stolen password would be enough to read a key that it was not enough to make.
    if (key.secondFactor && actor.secondFactor !== true) throw new SecondFactorRequired(MANAGE_API_KEYS);
    const before = hashesOf(key);
    const secret = newApiKey();
    key.previousExpiresAt = this.rules.graceEnd(graceMinutes);
    key.previousHash = key.previousExpiresAt === null ? null : key.keyHash;
    key.keyHash = sha256Hex(secret);
    key.prefix = shownPrefix(secret);
    await this.keys.save(key, before);
    if (key.previousHash === null) await this.announceEnd(key, 'rotated');
    this.note(key, { prefix: key.prefix, grace_minutes: graceMinutes });
    return { key, secret };
  }

  /**
   * End a key of the actor, with `ApiKeyEnded`: it is refused from now on in every process.
   * @throws NotFound (404), also when it is revoked already; PreconditionFailed (412) as for {@link rename}
   */
  @Transactional()
  async revoke(actor: Actor, id: string, version?: number): Promise<void> {
    const key = await this.keys.mustLock(actor, id, version);
    key.revokedAt = this.clock.now();
    await this.keys.save(key);
    await this.announceEnd(key, 'revoked');
    this.note(key, { before: valuesOf(key) });
  }

  /** End all keys of a person: they are refused from the commit on, and whoever holds their sockets hears of it. @returns how many */
  async endAllOf(userId: string): Promise<number> {
    const ended = await this.keys.endAllOf(userId);
    for (const id of ended) await this.announceEnd({ id, userId }, 'revoked');
    return ended.length;
  }

  /** Remove keys that ended a month ago. @returns how many */
  purgeEnded(): Promise<number> {
    return this.keys.purge(new Date(this.clock.now().getTime() - KEPT_DAYS * DAY_MS));
  }

  private announceEnd({ id, userId }: Pick<ApiKey, 'id' | 'userId'>, reason: 'revoked' | 'rotated'): Promise<void> {
    return this.events.publish(new ApiKeyEnded({ user_id: userId, api_key_id: id, reason }));
  }

  private note(key: ApiKey, details: JsonObject): void {
    this.audit.note({ resourceType: 'api_key', resourceId: key.id, details });
  }
}

function valuesOf(key: ApiKey): JsonObject {
  return { name: key.name, prefix: key.prefix, scopes: key.scopes, expires_at: key.expiresAt.toISOString() };
}

import { Injectable } from '@nestjs/common';
import { type NewRow } from '@platform/database';
import { type Actor, Clock, may, personScope } from '@platform/kernel';
import { sha256Hex } from '@platform/crypto';
import { Permissions, SecondFactorRequired } from '@platform/security';
import { AuthConfig } from '../auth.config';
import { type ApiKey } from '../entities/api-key.entity';
import { shownPrefix } from './api-key-secret';
import { ExpiryOutOfBounds, GraceTooLong, ScopeNotForKeys, ScopeNotHeld } from './api-key.errors';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Permission to make and end keys. */
export const MANAGE_API_KEYS = 'auth.manage_api_keys';

/** What a new key is made of. */
export interface NewApiKey {
  name: string;
  /** Names of permissions, at least one. */
  scopes: readonly string[];
  /** Default: as late as is allowed. */
  expiresAt?: Date;
}

/** What keys may carry, and for how long. */
@Injectable()
export class ApiKeyRules {
  constructor(
    private readonly permissions: Permissions,
    private readonly config: AuthConfig,
    private readonly clock: Clock,
  ) {}

  /** Good keys that one person may have. */
  get mostPerUser(): number {
    return this.config.apiKeysPerUser;
  }

  /** Whether a key can carry the permission at all. */
  canCarry(permission: string): boolean {
    return this.permissions.has(permission) && !this.permissions.sessionOnly.has(permission);
  }

  /**
   * A key that the actor may have, not stored yet. It remembers whether their session had a second factor.
   * @throws ScopeNotForKeys
   * @throws ScopeNotHeld
   * @throws SecondFactorRequired
   * @throws ExpiryOutOfBounds
   */
  draft(actor: Actor, { expiresAt, name, scopes }: NewApiKey, secret: string): NewRow<ApiKey> {
    this.checkScopes(actor, scopes);
    return {
      userId: personScope(actor),
      name,
      prefix: shownPrefix(secret),
      keyHash: sha256Hex(secret),
      scopes: [...scopes].sort(),
      secondFactor: actor.secondFactor === true,
      expiresAt: this.expiryOf(expiresAt),
    };
  }

  /** When a key that is replaced now ends; null: at once. @throws GraceTooLong */
  graceEnd(minutes: number): Date | null {
    const most = this.config.apiKeyRotationGraceMinutes;
    if (minutes > most) throw new GraceTooLong(most);
    return minutes === 0 ? null : new Date(this.clock.now().getTime() + minutes * MINUTE_MS);
  }

  /**
   * Whether the actor may give these scopes away: none that this session does not hold.
   * @throws ScopeNotForKeys
   * @throws ScopeNotHeld
   * @throws SecondFactorRequired
   */
  private checkScopes(actor: Actor, scopes: readonly string[]): void {
    for (const scope of scopes) {
      if (!this.canCarry(scope)) throw new ScopeNotForKeys(scope);
      if (may(actor, scope)) continue;
      throw actor.withheld?.has(scope) ? new SecondFactorRequired(scope) : new ScopeNotHeld(scope);
    }
  }

  /** When a key that is made now ends: as asked, else as late as is allowed. @throws ExpiryOutOfBounds */
  private expiryOf(asked: Date | undefined): Date {
    const now = this.clock.now().getTime();
    const latest = now + this.config.apiKeyMaxDays * DAY_MS;
    if (asked === undefined) return new Date(latest);
    if (asked.getTime() <= now || asked.getTime() > latest) throw new ExpiryOutOfBounds(this.config.apiKeyMaxDays);
    return asked;
  }
}
